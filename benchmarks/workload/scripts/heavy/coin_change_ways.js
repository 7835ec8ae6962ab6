const coins = [1, 2, 5, 10, 20, 50, 100, 200];
const target = 5000;
const ways = new Array(target + 1).fill(0);
ways[0] = 1;
for (const c of coins) for (let i = c; i <= target; i++) ways[i] = (ways[i] + ways[i - c]) % 1000000007;
[ways[100], ways[200], ways[target]]
