function* chunks<T>(items: readonly T[], size: number): Generator<T[], void, unknown> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}
const letters = Array.from('abcdefghij');
[...chunks(letters, 4)].map((c) => c.join(''))
