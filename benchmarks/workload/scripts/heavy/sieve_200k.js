const N = 200000;
const composite = new Array(N + 1).fill(false);
const primes = [];
for (let i = 2; i <= N; i++) {
  if (composite[i]) continue;
  primes.push(i);
  for (let j = i * i; j <= N; j += i) composite[j] = true;
}
({ count: primes.length, last: primes[primes.length - 1] });
