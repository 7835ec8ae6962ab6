type Matrix = number[][];
const MOD = 9973;

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((s, v, k) => (s + v * b[k]![j]!) % MOD, 0)));
}

function power(m: Matrix, e: number): Matrix {
  let result: Matrix = m.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
  while (e > 0) {
    if (e & 1) result = multiply(result, m);
    m = multiply(m, m);
    e >>= 1;
  }
  return result;
}

const base: Matrix = Array.from({ length: 20 }, (_, i) => Array.from({ length: 20 }, (_, j) => (i * 3 + j * 5 + 1) % 10));
const p = power(base, 1000);
p.reduce((s, row) => s + row.reduce((a, b) => a + b, 0), 0)
