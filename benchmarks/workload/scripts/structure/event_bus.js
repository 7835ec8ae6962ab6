class Bus {
  constructor() { this.handlers = new Map(); }
  on(type, fn) {
    if (!this.handlers.has(type)) this.handlers.set(type, new Set());
    this.handlers.get(type).add(fn);
    return () => this.handlers.get(type).delete(fn);
  }
  emit(type, payload) {
    for (const fn of this.handlers.get(type) ?? []) fn(payload);
  }
}

const bus = new Bus();
const seen = [];
const off = bus.on('x', v => seen.push(v));
bus.on('x', v => seen.push(v * 10));
bus.emit('x', 1);
off();
bus.emit('x', 2);
bus.emit('y', 3);
seen;
