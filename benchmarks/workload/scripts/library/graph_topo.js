const deps = new Map([
  ['app', ['ui', 'api']], ['ui', ['core']], ['api', ['core', 'db']], ['db', []], ['core', []],
]);
const order = [];
const state = new Map();
function visit(node) {
  if (state.get(node) === 'done') return;
  if (state.get(node) === 'open') throw new Error('cycle at ' + node);
  state.set(node, 'open');
  for (const d of deps.get(node)) visit(d);
  state.set(node, 'done');
  order.push(node);
}
for (const n of deps.keys()) visit(n);
order
