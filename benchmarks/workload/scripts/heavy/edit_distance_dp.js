const gen = (n, m) => Array.from({ length: n }, (_, i) => 'abcde'[(i * m + (i >> 2)) % 5]).join('');
const a = gen(300, 3), b = gen(320, 7);
let prev = Array.from({ length: b.length + 1 }, (_, j) => j);
for (let i = 1; i <= a.length; i++) {
  const cur = [i];
  for (let j = 1; j <= b.length; j++) {
    cur[j] = Math.min(prev[j] + 1, cur[j - 1] + 1, prev[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
  }
  prev = cur;
}
prev[b.length];
