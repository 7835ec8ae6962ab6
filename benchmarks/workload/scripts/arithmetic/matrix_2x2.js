const multiply = (a, b) => a.map(row => b[0].map((_, j) => row.reduce((s, v, k) => s + v * b[k][j], 0)));
let m = [[1, 1], [1, 0]];
let r = m;
for (let i = 0; i < 10; i++) r = multiply(r, m);
r
