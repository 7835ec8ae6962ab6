const all = (await Promise.all([3, 4, 6, 7, 8].map((u: number) => list_orders(u)))).flat();
const months: Map<string, number> = new Map();
for (const order of all) {
  const month = order.placed.slice(0, 7);
  months.set(month, (months.get(month) ?? 0) + order.quantity);
}
Object.fromEntries([...months].sort(([a], [b]) => (a < b ? -1 : 1)));
