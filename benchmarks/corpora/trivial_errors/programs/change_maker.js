const COINS = [200, 100, 50, 20, 10, 5];

function change(cents) {
  if (cents % 5 !== 0) {
    throw new RangeError("cannot pay " + cents);
  }
  const used = [];
  let rest = cents;
  COINS.forEach((coin) => {
    const count = Math.floor(rest / coin);
    if (count > 0) {
      used.push({ coin, count });
      rest -= coin * count;
    }
  });
  return used;
}

function fewest(amount, coins) {
  const best = new Array(amount + 1).fill(Infinity);
  best[0] = 0;
  for (let sum = 1; sum <= amount; sum++) {
    for (const coin of coins) {
      if (coin <= sum) best[sum] = Math.min(best[sum], best[sum - coin] + 1);
    }
  }
  return best[amount];
}

const show = (used) => used.map(({ coin, count }) => `${count}x${coin}`).join(" ");
console.log(show(change(385)));
console.log(fewest(60, [30, 25, 5, 1, 20]), fewest(7, [5]));
try {
  change(3);
} catch (error) {
  console.log(error.message);
}
