const before = { name: 'Ann', age: 30, address: { city: 'Oslo', zip: '0150' }, tags: ['a'] };
const after = { name: 'Ann', age: 31, address: { city: 'Bergen', zip: '0150' }, email: 'ann@example.com', tags: ['a', 'b'] };

function diff(a, b, path = '') {
  const changes = [];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const p = path ? `${path}.${key}` : key;
    if (!(key in a)) changes.push({ op: 'add', p, value: b[key] });
    else if (!(key in b)) changes.push({ op: 'remove', p });
    else if (typeof a[key] === 'object' && typeof b[key] === 'object') changes.push(...diff(a[key], b[key], p));
    else if (a[key] !== b[key]) changes.push({ op: 'replace', p, from: a[key], to: b[key] });
  }
  return changes;
}

diff(before, after)
