async function mapLimit<T, R>(items: T[], limit: number, fn: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  async function worker(): Promise<void> {
    while (next < items.length) {
      const index = next++;
      results[index] = await fn(items[index]!);
    }
  }
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

const counts = await mapLimit(['A-100', 'A-200', 'B-100', 'B-300', 'C-010'], 2, (sku) => stock(sku));
counts.reduce((a: number, b: number) => a + b, 0)
