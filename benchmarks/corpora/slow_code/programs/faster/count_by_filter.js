function histogram(words) {
  const counts = {};
  for (const word of words) {
    counts[word] = words.filter((other) => other === word).length;
  }
  return counts;
}

module.exports = { histogram };
