function levels(graph) {
  const depth = new Map([[0, 0]]);
  const queue = [0];
  while (queue.length) {
    const node = queue.shift();
    for (const next of graph[node]) {
      if (!depth.has(next)) {
        depth.set(next, depth.get(node) + 1);
        queue.push(next);
      }
    }
  }
  return [depth.size, Math.max(...new Set(depth.values()))];
}

module.exports = { levels };
