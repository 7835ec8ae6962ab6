async function* allEvents() {
  let cursor = 0;
  while (cursor !== null) {
    const page = await events(cursor);
    yield* page.items;
    cursor = page.next;
  }
}

const byUser = new Map();
for await (const e of allEvents()) {
  if (e.kind !== 'purchase') continue;
  byUser.set(e.user, (byUser.get(e.user) ?? 0) + e.amount);
}
[...byUser.entries()].sort((a, b) => b[1] - a[1]).slice(0, 3);
