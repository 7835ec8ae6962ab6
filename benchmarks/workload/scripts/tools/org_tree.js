const users = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(id => fetch_user(id)));
const children = {};
for (const u of users) (children[u.manager ?? 0] ??= []).push(u);
const render = (id, depth = 0) => (children[id] ?? []).flatMap(u => ['  '.repeat(depth) + u.name, ...render(u.id, depth + 1)]);
render(0).join('\n')
