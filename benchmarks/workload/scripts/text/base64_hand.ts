const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function encode(input: string): string {
  const bytes: number[] = [...input].map((c) => c.charCodeAt(0));
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const chunk = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += alphabet[(chunk >> 18) & 63]! + alphabet[(chunk >> 12) & 63]!;
    out += i + 1 < bytes.length ? alphabet[(chunk >> 6) & 63]! : '=';
    out += i + 2 < bytes.length ? alphabet[chunk & 63]! : '=';
  }
  return out;
}

['M', 'Ma', 'Man', 'Hello, World!'].map(encode)
