const { setTimeout: sleep } = require("timers/promises");
const { EventEmitter, once } = require("events");

class Store extends EventEmitter {
  constructor() {
    super();
    this.rows = new Map();
  }

  async load(key) {
    await sleep(1);
    return this.rows.get(key);
  }

  async save(key, value) {
    await sleep(1);
    this.rows.set(key, value);
    this.emit("saved", key);
  }
}

async function deposit(store, name, amount) {
  const before = (await store.load(name)) ?? 0;
  await store.save(name, before + amount);
  return before + amount;
}

async function main() {
  const store = new Store();
  const first = once(store, "saved");
  console.log(await deposit(store, "ann", 50));
  const [key] = await first;
  console.log("saved", key);
  console.log(await deposit(store, "ann", 25));
  const totals = await Promise.all(["ann", "bob"].map((name) => store.load(name)));
  console.log(totals.length, totals[0], totals[1]);
}

main().catch((error) => {
  console.log("failed: " + error.message);
  process.exitCode = 1;
});
