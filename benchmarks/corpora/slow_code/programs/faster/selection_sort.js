function ranking(scores) {
  const rest = scores.slice();
  const result = [];
  while (rest.length > 0) {
    let best = 0;
    for (let i = 1; i < rest.length; i++) {
      if (rest[i] > rest[best]) best = i;
    }
    result.push(rest[best]);
    rest.splice(best, 1);
  }
  return result;
}

module.exports = { ranking };
