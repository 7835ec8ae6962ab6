const visits = [['ann', 'home'], ['bob', 'docs'], ['ann', 'docs'], ['cleo', 'home'], ['ann', 'home']];
const pages = new Map();
for (const [user, page] of visits) {
  if (!pages.has(page)) pages.set(page, new Set());
  pages.get(page).add(user);
}
Object.fromEntries([...pages].map(([page, users]) => [page, [...users].sort()]))
