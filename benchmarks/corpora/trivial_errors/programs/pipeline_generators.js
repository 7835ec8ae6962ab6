function* range(start, end, step = 1) {
  for (let value = start; value < end; value += step) {
    yield value;
  }
}

function* filter(stream, predicate) {
  for (const value of stream) {
    if (predicate(value)) yield value;
  }
}

function* chunk(stream, size) {
  let part = [];
  for (const value of stream) {
    part.push(value);
    if (part.length === size) {
      yield part;
      part = [];
    }
  }
  if (part.length > 0) yield part;
}

const take = (stream, count) => {
  const taken = [];
  for (const value of stream) {
    if (taken.length === count) break;
    taken.push(value);
  }
  return taken;
};

const odd = filter(range(1, 20), (n) => n % 2 === 1);
for (const part of chunk(odd, 4)) {
  console.log(part.join("+"), "=", part.reduce((a, b) => a + b));
}
console.log(take(range(0, Infinity, 5), 4).join(" "));
console.log([...range(3, 3)].length, Math.max(...range(0, 10, 3)));
