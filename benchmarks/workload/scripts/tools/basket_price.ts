type Basket = Record<string, number>;
const basket: Basket = { 'A-100': 2, 'C-010': 10, 'B-300': 1 };
let sum = 0;
for (const [sku, count] of Object.entries(basket)) {
  sum += (await price(sku)) * count;
}
const local: number = await convert(sum, 'NOK');
({ usd: Number(sum.toFixed(2)), nok: local });
