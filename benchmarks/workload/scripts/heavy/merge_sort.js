function mergeSort(xs) {
  if (xs.length < 2) return xs;
  const mid = xs.length >> 1;
  const l = mergeSort(xs.slice(0, mid)), r = mergeSort(xs.slice(mid));
  const out = [];
  let i = 0, j = 0;
  while (i < l.length && j < r.length) out.push(l[i] <= r[j] ? l[i++] : r[j++]);
  while (i < l.length) out.push(l[i++]);
  while (j < r.length) out.push(r[j++]);
  return out;
}
let seed = 42;
const data = Array.from({ length: 30000 }, () => (seed = (seed * 16807) % 2147483647) % 100000);
const sorted = mergeSort(data);
[sorted[0], sorted[15000], sorted[29999]]
