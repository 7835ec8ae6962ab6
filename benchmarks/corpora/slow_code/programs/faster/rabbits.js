function rabbits(month) {
  if (month < 2) {
    return month;
  }
  return rabbits(month - 1) + rabbits(month - 2);
}

module.exports = { rabbits };
