interface Sale {
  region: string;
  product: string;
  amount: number;
}

const SALES: Sale[] = [
  { region: "north", product: "tea", amount: 12 },
  { region: "south", product: "tea", amount: 7 },
  { region: "north", product: "rice", amount: 3 },
  { region: "west", product: "rice", amount: 9 },
];

function groupBy<T, K extends string>(items: T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key) ?? [];
    group.push(item);
    groups.set(key, group);
  }
  return groups;
}

const sum = (sales: Sale[]): number => sales.reduce((total, sale) => total + sale.amount, 0);

function ranking(groups: Map<string, Sale[]>): [string, number][] {
  return [...groups.entries()]
    .map(([name, sales]): [string, number] => [name, sum(sales)])
    .sort((a, b) => b[1] - a[1]);
}

for (const [name, total] of ranking(groupBy(SALES, (sale) => sale.region))) {
  console.log(name.padEnd(6) + String(total).padStart(4));
}
const [[best, amount]] = ranking(groupBy(SALES, (sale) => sale.product));
console.log(`${best} sells best: ${amount} of ${sum(SALES)}`);
