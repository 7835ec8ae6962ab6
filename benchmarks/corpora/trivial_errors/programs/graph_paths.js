const GRAPH = {
  home: { park: 5, shop: 2 },
  shop: { park: 1, lake: 9 },
  park: { lake: 4 },
  lake: {},
};

function shortest(graph, start, goal) {
  const distances = new Map([[start, 0]]);
  const previous = new Map();
  const open = new Set([start]);
  while (open.size > 0) {
    const here = [...open].reduce((best, node) => (distances.get(node) < distances.get(best) ? node : best));
    open.delete(here);
    if (here === goal) break;
    for (const [next, length] of Object.entries(graph[here])) {
      const distance = distances.get(here) + length;
      if (!distances.has(next) || distance < distances.get(next)) {
        distances.set(next, distance);
        previous.set(next, here);
        open.add(next);
      }
    }
  }
  if (!distances.has(goal)) return null;
  const path = [goal];
  while (previous.has(path[0])) {
    path.unshift(previous.get(path[0]));
  }
  return { distance: distances.get(goal), path };
}

const { distance, path } = shortest(GRAPH, "home", "lake");
console.log(distance, path.join(" > "));
console.log(shortest(GRAPH, "lake", "home"));
console.log(Object.keys(GRAPH).length);
