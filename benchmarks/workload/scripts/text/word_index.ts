const pages: Record<string, string> = {
  p1: 'TypeScript adds types to JavaScript',
  p2: 'JavaScript runs in the browser and on the server',
  p3: 'Types help the compiler and the reader',
};

const index = new Map<string, Set<string>>();
for (const [page, text] of Object.entries(pages)) {
  for (const word of text.toLowerCase().match(/\w+/g) ?? []) {
    if (!index.has(word)) index.set(word, new Set());
    index.get(word)!.add(page);
  }
}

const lookup = (...words: string[]): string[] =>
  words
    .map((w) => index.get(w) ?? new Set<string>())
    .reduce((a, b) => new Set([...a].filter((x) => b.has(x))), new Set(Object.keys(pages)))
    .size > 0
    ? [...index.get(words[0]!)!].sort()
    : [];

({ javascript: lookup('javascript'), the: lookup('the', 'and'), none: lookup('types', 'browser') });
