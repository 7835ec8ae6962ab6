async function* ticker(n) {
  for (let i = 0; i < n; i++) {
    await Promise.resolve();
    yield { i, even: i % 2 === 0 };
  }
}
const evens = [];
for await (const t of ticker(7)) if (t.even) evens.push(t.i);
evens
