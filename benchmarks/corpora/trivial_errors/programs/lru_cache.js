class LruCache {
  constructor(capacity) {
    this.capacity = capacity;
    this.entries = new Map();
    this.stats = { hits: 0, misses: 0 };
  }

  get(key, fallback) {
    if (!this.entries.has(key)) {
      this.stats.misses++;
      return fallback;
    }
    const value = this.entries.get(key);
    this.entries.delete(key);
    this.entries.set(key, value);
    this.stats.hits++;
    return value;
  }

  set(key, value) {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.capacity) {
      const oldest = this.entries.keys().next().value;
      this.entries.delete(oldest);
    }
  }
}

const cache = new LruCache(2);
cache.set("a", 1);
cache.set("b", 2);
console.log(cache.get("a"), cache.get("x", "none"));
cache.set("c", 3);
console.log([...cache.entries.keys()].join(" "), cache.get("b", "gone"));
console.log(cache.stats.hits, cache.stats.misses);
