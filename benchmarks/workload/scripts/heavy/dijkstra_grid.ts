const size = 60;
const cost = (x: number, y: number): number => ((x * 17 + y * 31 + x * y) % 9) + 1;
const dist: Float64Array = new Float64Array(size * size).fill(Infinity);
dist[0] = 0;
const heap: Array<[number, number]> = [[0, 0]];

function pushHeap(entry: [number, number]): void {
  heap.push(entry);
  let i = heap.length - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (heap[parent]![0] <= heap[i]![0]) break;
    [heap[parent], heap[i]] = [heap[i]!, heap[parent]!];
    i = parent;
  }
}

function popHeap(): [number, number] {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length > 0) {
    heap[0] = last;
    let i = 0;
    for (;;) {
      const l = 2 * i + 1;
      const r = l + 1;
      let small = i;
      if (l < heap.length && heap[l]![0] < heap[small]![0]) small = l;
      if (r < heap.length && heap[r]![0] < heap[small]![0]) small = r;
      if (small === i) break;
      [heap[small], heap[i]] = [heap[i]!, heap[small]!];
      i = small;
    }
  }
  return top;
}

while (heap.length > 0) {
  const [d, at] = popHeap();
  if (d > dist[at]!) continue;
  const x = at % size;
  const y = Math.floor(at / size);
  for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
    const nx = x + dx;
    const ny = y + dy;
    if (nx < 0 || ny < 0 || nx >= size || ny >= size) continue;
    const next = d + cost(nx, ny);
    const index = ny * size + nx;
    if (next < dist[index]!) {
      dist[index] = next;
      pushHeap([next, index]);
    }
  }
}
dist[size * size - 1]
