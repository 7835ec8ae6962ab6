const skus = ['A-100', 'B-100', 'C-020', 'D-500'];
const prices = await Promise.all(skus.map(sku => price(sku)));
Object.fromEntries(skus.map((sku, i) => [sku, prices[i]]))
