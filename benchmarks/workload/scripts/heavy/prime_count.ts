function isPrime(n: number): boolean {
  if (n < 2) return false;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
}
let count: number = 0;
for (let i = 0; i < 50_000; i++) if (isPrime(i)) count++;
count
