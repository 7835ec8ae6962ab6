const words: string[] = ['lorem', 'ipsum', 'dolor', 'sit', 'amet'];
const counts: Map<string, number> = new Map();
let text: string = '';
for (let i = 0; i < 20000; i++) {
  text += words[(i * 7 + (i >> 3)) % words.length] + (i % 10 === 9 ? '\n' : ' ');
}
for (const line of text.split('\n')) {
  for (const word of line.split(' ')) {
    if (word) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
}
Object.fromEntries([...counts].sort())
