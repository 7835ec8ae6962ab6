function register(names) {
  const seats = {};
  const order = [];
  for (const name of names) {
    if (!Object.keys(seats).includes(name)) {
      seats[name] = Object.keys(seats).length + 1;
    }
    order.push(seats[name]);
  }
  return order;
}

module.exports = { register };
