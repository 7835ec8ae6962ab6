const coins = [200, 100, 50, 20, 10, 5, 2, 1];
const change = (amount) => {
  const used = {};
  for (const coin of coins) {
    const n = Math.floor(amount / coin);
    if (n > 0) { used[coin] = n; amount -= n * coin; }
  }
  return used;
};
[change(388), change(99), change(1)]
