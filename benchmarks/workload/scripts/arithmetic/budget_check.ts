type Category = 'rent' | 'food' | 'travel' | 'fun';

const budget: Record<Category, number> = { rent: 1200, food: 400, travel: 150, fun: 100 };
const spent: Array<[Category, number]> = [
  ['rent', 1200], ['food', 210.4], ['food', 180.1], ['travel', 199], ['fun', 45], ['food', 38.2],
];

const sums = {} as Record<Category, number>;
for (const [category, amount] of spent) {
  sums[category] = (sums[category] ?? 0) + amount;
}

const report = (Object.keys(budget) as Category[]).map((category) => {
  const used = sums[category] ?? 0;
  return { category, used: Math.round(used * 100) / 100, over: used > budget[category] };
});
report;
