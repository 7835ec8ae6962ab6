function price(basket, listText) {
  let total = 0;
  for (const item of basket) {
    const list = JSON.parse(listText);
    total += list[item];
  }
  return total;
}

module.exports = { price };
