const ITEMS = [
  { sku: "N-1", name: "nails", count: 200, price: 0.05 },
  { sku: "H-7", name: "hammer", count: 2, price: 12.5 },
  { sku: "S-3", name: "saw", count: 0, price: 19.9 },
];

function valueOf({ count, price }) {
  return count * price;
}

function report(items, { minimum = 5, currency = "EUR" } = {}) {
  const lines = items.map((item) => {
    const mark = item.count < minimum ? "!" : " ";
    return `${mark} ${item.name.padEnd(8)}${String(item.count).padStart(5)}${valueOf(item).toFixed(2).padStart(8)}`;
  });
  const total = items.map(valueOf).reduce((a, b) => a + b, 0);
  lines.push(`total ${total.toFixed(2)} ${currency}`);
  return lines;
}

function restock(items, wanted) {
  return items.map((item) => ({ ...item, count: Math.max(item.count, wanted[item.sku] ?? 0) }));
}

console.log(report(ITEMS).join("\n"));
console.log(report(restock(ITEMS, { "S-3": 4 }), { minimum: 1, currency: "CHF" }).pop());
console.log(ITEMS.some((item) => item.count === 0), ITEMS.map((item) => item.sku).sort().join());
