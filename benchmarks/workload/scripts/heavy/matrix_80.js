const n = 80;
const make = f => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => f(i, j)));
const a = make((i, j) => (i * j) % 11);
const b = make((i, j) => (i + 2 * j) % 13);
const c = make(() => 0);
for (let i = 0; i < n; i++)
  for (let j = 0; j < n; j++) {
    let s = 0;
    for (let k = 0; k < n; k++) s += a[i][k] * b[k][j];
    c[i][j] = s;
  }
c.reduce((t, row) => t + row.reduce((x, y) => x + y, 0), 0);
