const rules: ReadonlyArray<{ pattern: RegExp; replacement: string }> = [
  { pattern: /\b\d{3}-\d{2}-\d{4}\b/g, replacement: '[SSN]' },
  { pattern: /\b[\w.]+@[\w.]+\b/g, replacement: '[EMAIL]' },
  { pattern: /\+?\d[\d ]{7,}\d/g, replacement: '[PHONE]' },
];
const redact = (text: string): string => rules.reduce((t, { pattern, replacement }) => t.replace(pattern, replacement), text);
redact('Call +47 22 33 44 55 or write to ann.berg@example.no; SSN 123-45-6789.')
