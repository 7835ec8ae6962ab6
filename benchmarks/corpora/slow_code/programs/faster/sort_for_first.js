function earliest(events) {
  const sorted = events.slice().sort((a, b) => a[1] - b[1]);
  return sorted[0][0];
}

module.exports = { earliest };
