class Emitter {
  #listeners = new Map();

  on(name, listener) {
    if (!this.#listeners.has(name)) {
      this.#listeners.set(name, new Set());
    }
    this.#listeners.get(name).add(listener);
    return () => this.#listeners.get(name).delete(listener);
  }

  once(name, listener) {
    const stop = this.on(name, (...values) => {
      stop();
      listener(...values);
    });
  }

  emit(name, ...values) {
    const listeners = [...(this.#listeners.get(name) ?? [])];
    listeners.forEach((listener) => listener(...values));
    return listeners.length;
  }
}

const bus = new Emitter();
const log = [];
const stop = bus.on("save", (file) => log.push("saved " + file));
bus.once("save", (file, size) => log.push(`${file} has ${size} bytes`));
console.log(bus.emit("save", "a.txt", 10));
console.log(bus.emit("save", "b.txt", 20));
stop();
console.log(bus.emit("save", "c.txt", 30), bus.emit("open"));
console.log(log.join("\n"));
