function permute(xs, k = 0, visit) {
  if (k === xs.length) { visit(xs); return; }
  for (let i = k; i < xs.length; i++) {
    [xs[k], xs[i]] = [xs[i], xs[k]];
    permute(xs, k + 1, visit);
    [xs[k], xs[i]] = [xs[i], xs[k]];
  }
}
let count = 0;
permute([1, 2, 3, 4, 5, 6, 7, 8], 0, p => {
  if (p.every((v, i) => v !== i + 1)) count++;
});
count
