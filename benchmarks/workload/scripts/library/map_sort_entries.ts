const inventory: ReadonlyMap<string, number> = new Map([['pear', 3], ['apple', 12], ['fig', 3], ['kiwi', 0]]);
const sorted: [string, number][] = [...inventory].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
sorted.filter(([, n]) => n > 0).map(([name]) => name)
