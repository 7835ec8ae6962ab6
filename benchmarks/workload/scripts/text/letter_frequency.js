const text = `It was the best of times, it was the worst of times, it was the age of wisdom,
it was the age of foolishness`;
const freq = {};
for (const ch of text.toLowerCase()) {
  if (/[a-z]/.test(ch)) freq[ch] = (freq[ch] || 0) + 1;
}
Object.entries(freq).sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).slice(0, 6)
