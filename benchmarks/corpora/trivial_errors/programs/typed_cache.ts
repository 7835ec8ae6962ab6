interface Entry<V> {
  value: V;
  expires: number;
}

class ExpiringCache<K, V> {
  private readonly entries = new Map<K, Entry<V>>();
  misses = 0;

  constructor(private readonly lifetime: number, private readonly now: () => number) {}

  set(key: K, value: V): this {
    this.entries.set(key, { value, expires: this.now() + this.lifetime });
    return this;
  }

  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.expires <= this.now()) {
      this.misses += 1;
      this.entries.delete(key);
      return undefined;
    }
    return entry.value;
  }

  get size(): number {
    return this.entries.size;
  }
}

let time = 0;
const cache = new ExpiringCache<string, number>(10, () => time);
cache.set("a", 1).set("b", 2);
time = 9;
console.log(cache.get("a"), cache.get("zzz"));
cache.set("b", 20);
time = 12;
console.log(cache.get("a"), cache.get("b"), cache.size, cache.misses);
