const memoize = fn => {
  const cache = new Map();
  return (...args) => {
    const key = JSON.stringify(args);
    if (!cache.has(key)) cache.set(key, fn(...args));
    return cache.get(key);
  };
};
let calls = 0;
const slowAdd = memoize((a, b) => { calls++; return a + b; });
const results = [slowAdd(1, 2), slowAdd(1, 2), slowAdd(2, 1)];
({ results, calls })
