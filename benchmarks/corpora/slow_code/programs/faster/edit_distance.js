function distance(a, b) {
  if (!a.length) return b.length;
  if (!b.length) return a.length;
  if (a[0] === b[0]) return distance(a.slice(1), b.slice(1));
  return 1 + Math.min(distance(a.slice(1), b), distance(a, b.slice(1)), distance(a.slice(1), b.slice(1)));
}

module.exports = { distance };
