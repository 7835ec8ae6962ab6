const currencies = ['EUR', 'GBP', 'NOK'];
const amounts = [1, 19.99, 250];
const table = {};
for (const c of currencies) {
  table[c] = await Promise.all(amounts.map(a => convert(a, c)));
}
table
