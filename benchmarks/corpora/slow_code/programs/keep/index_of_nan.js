function distinct(texts) {
  const seen = [];
  for (const text of texts) {
    const value = Number(text);
    if (seen.indexOf(value) === -1) {
      seen.push(value);
    }
  }
  return seen.map(String);
}

module.exports = { distinct };
