const { inspect } = require("util");

const sum = (values) => values.reduce((total, value) => total + value, 0);
const mean = (values) => sum(values) / values.length;

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function deviation(values) {
  const average = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - average) ** 2)));
}

function histogram(values, width) {
  const bins = {};
  values.forEach((value) => {
    const low = Math.floor(value / width) * width;
    bins[low] = (bins[low] ?? 0) + 1;
  });
  return bins;
}

const data = [2, 4, 4, 4, 5, 5, 7, 9, 10, 100];
console.log(sum(data), mean(data), median(data));
console.log(deviation([2, 4, 4, 4, 5, 5, 7, 9]).toFixed(2), median([3, 1, 2]));
console.log(inspect(histogram(data, 5)));
