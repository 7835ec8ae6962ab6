interface Sale { region: string; amount: number }

function groupBy<T, K>(items: Iterable<T>, key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const k = key(item);
    const group = groups.get(k);
    if (group) group.push(item);
    else groups.set(k, [item]);
  }
  return groups;
}

const sales: Sale[] = [
  { region: 'north', amount: 10 }, { region: 'south', amount: 5 }, { region: 'north', amount: 7 }, { region: 'east', amount: 1 },
];
Object.fromEntries([...groupBy(sales, (s) => s.region)].map(([k, v]) => [k, v.reduce((a, s) => a + s.amount, 0)]))
