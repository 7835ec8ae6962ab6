const catalogue = ['A-100', 'A-200', 'B-100', 'B-300', 'C-010', 'C-020', 'D-500', 'E-042'];
const levels = await Promise.all(catalogue.map(async sku => ({ sku, count: await stock(sku), cost: await price(sku) })));
const low = levels.filter(l => l.count < 20).sort((a, b) => a.count - b.count || (a.sku < b.sku ? -1 : 1));

const tickets = [];
for (const item of low) {
  const priority = item.cost > 50 ? 'high' : 'low';
  const t = await create_ticket(`Restock ${item.sku}`, priority);
  tickets.push(`${t.id}:${t.priority}`);
}
({ low: low.map(l => l.sku), tickets });
