interface LineItem {
  sku: string;
  quantity: number;
  unitPrice: number;
}

const items: LineItem[] = [
  { sku: 'X-1', quantity: 3, unitPrice: 12.5 },
  { sku: 'Y-7', quantity: 1, unitPrice: 80 },
  { sku: 'Z-3', quantity: 12, unitPrice: 0.99 },
];

const lineTotal = (item: LineItem): number => item.quantity * item.unitPrice;
const total: number = items.map(lineTotal).reduce((a, b) => a + b, 0);
const dearest = items.reduce((best, item) => (lineTotal(item) > lineTotal(best) ? item : best));

({ total: Number(total.toFixed(2)), dearest: dearest.sku });
