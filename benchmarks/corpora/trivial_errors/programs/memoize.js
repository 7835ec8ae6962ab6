function memoize(compute) {
  const known = new Map();
  const wrapped = (...args) => {
    const key = JSON.stringify(args);
    if (!known.has(key)) {
      known.set(key, compute(...args));
    }
    return known.get(key);
  };
  wrapped.size = () => known.size;
  return wrapped;
}

let calls = 0;
const area = memoize((width, height) => {
  calls += 1;
  return width * height;
});

console.log(area(3, 4), area(3, 4), area(4, 3));
console.log("calls", calls, "kept", area.size());

const steps = memoize((n) => {
  if (n <= 1) return 1;
  return steps(n - 1) + steps(n - 2);
});
console.log(steps(40), steps.size());
console.log(memoize((text) => text.trim().length)("  padded "));
