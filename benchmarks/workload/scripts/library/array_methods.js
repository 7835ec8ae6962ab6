const xs = [5, 3, 9, 1, 7];
({
  some: xs.some(x => x > 8),
  every: xs.every(x => x > 0),
  find: xs.find(x => x < 4),
  last: xs.findLast(x => x > 4),
  index: xs.indexOf(9),
  flat: [[1, [2]], [3]].flat(2),
  at: xs.at(-2),
  sorted: xs.toSorted((a, b) => a - b),
  original: xs,
})
