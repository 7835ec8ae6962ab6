function isPrime(n) {
  for (let d = 2; d < n; d++) {
    if (n % d === 0) return false;
  }
  return n > 1;
}

function primes(limit) {
  const found = [];
  for (let n = 0; n <= limit; n++) {
    if (isPrime(n)) found.push(n);
  }
  return found;
}

module.exports = { primes };
