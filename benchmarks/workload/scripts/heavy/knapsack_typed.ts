interface Item { weight: number; value: number }

const items: Item[] = Array.from({ length: 80 }, (_, i) => ({ weight: ((i * 29) % 19) + 2, value: ((i * 31) % 37) + 1 }));

function knapsack(items: Item[], capacity: number): number {
  const best: number[] = new Array<number>(capacity + 1).fill(0);
  for (const { weight, value } of items) {
    for (let c = capacity; c >= weight; c--) {
      best[c] = Math.max(best[c]!, best[c - weight]! + value);
    }
  }
  return best[capacity]!;
}

knapsack(items, 600)
