const TREE = {
  name: "root",
  children: [
    { name: "docs", children: [{ name: "a.md", size: 12 }, { name: "b.md", size: 30 }] },
    { name: "main.c", size: 100 },
    { name: "empty", children: [] },
  ],
};

function size(node) {
  if (node.children === undefined) return node.size;
  return node.children.map(size).reduce((a, b) => a + b, 0);
}

function* walk(node, path = []) {
  const here = [...path, node.name];
  yield { path: here.join("/"), size: size(node) };
  for (const child of node.children ?? []) {
    yield* walk(child, here);
  }
}

function find(node, name) {
  if (node.name === name) return node;
  for (const child of node.children || []) {
    const found = find(child, name);
    if (found) return found;
  }
  return undefined;
}

for (const { path, size } of walk(TREE)) {
  console.log(String(size).padStart(4), path);
}
console.log(find(TREE, "b.md").size, find(TREE, "zzz"));
find(TREE, "empty").children.push({ name: "new", size: 1 });
console.log(size(TREE));
