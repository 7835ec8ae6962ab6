const data = [23, 7, 42, 15, 8, 16, 4, 42, 23, 108];

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const mid = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[mid] : (sorted[mid - 1] + sorted[mid]) / 2;
}

function mode(values) {
  const counts = {};
  let best = null;
  for (const v of values) {
    counts[v] = (counts[v] || 0) + 1;
    if (best === null || counts[v] > counts[best]) best = v;
  }
  return best;
}

const mean = data.reduce((a, b) => a + b) / data.length;
const variance = data.map(x => (x - mean) ** 2).reduce((a, b) => a + b) / data.length;
console.log('mean', mean);
({
  mean,
  median: median(data),
  mode: mode(data),
  std: +Math.sqrt(variance).toFixed(4),
  min: Math.min(...data),
  max: Math.max(...data),
});
