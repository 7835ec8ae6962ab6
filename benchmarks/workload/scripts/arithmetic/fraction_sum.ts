type Fraction = readonly [number, number];
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const add = ([a, b]: Fraction, [c, d]: Fraction): Fraction => {
  const n = a * d + c * b;
  const m = b * d;
  const g = gcd(n, m);
  return [n / g, m / g] as const;
};
let sum: Fraction = [0, 1];
for (let i = 1; i <= 8; i++) sum = add(sum, [1, i * (i + 1)]);
sum
