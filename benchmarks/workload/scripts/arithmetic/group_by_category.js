const products = [
  { name: 'Pen', category: 'office', price: 1.2 },
  { name: 'Desk', category: 'furniture', price: 240 },
  { name: 'Chair', category: 'furniture', price: 99.5 },
  { name: 'Paper', category: 'office', price: 4.8 },
  { name: 'Lamp', category: 'lighting', price: 35 },
];

const grouped = {};
for (const p of products) {
  if (!grouped[p.category]) grouped[p.category] = { count: 0, total: 0, names: [] };
  grouped[p.category].count++;
  grouped[p.category].total += p.price;
  grouped[p.category].names.push(p.name);
}

grouped;
