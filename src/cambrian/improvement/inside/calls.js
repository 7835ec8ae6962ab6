// Calls a function of several versions of a JavaScript file, and tells what came of it and how long it took. In the jail.
//
// The clock of timers is the run's: waiting takes no time here, and is counted from that clock. What is computed is
// counted by the machine's.

const get = process.getBuiltinModule;
const vm = get("node:vm");
const modules = get("node:module");
const load = modules.createRequire("/");
const { inspect, format } = get("node:util");
const { createHash } = get("node:crypto");
const { dirname, resolve } = get("node:path");
const SHOWN = { depth: null, maxArrayLength: null, maxStringLength: null, breakLength: Infinity };
const WAIT = 10, LONG = 300, LIMIT = 250;
const machine = process.hrtime.bigint.bind(process.hrtime);
const shown = (value) => {
  const text = inspect(value, SHOWN);
  return text.length > LONG ? `${text.slice(0, LONG)}… ${createHash("sha256").update(text).digest("hex")}` : text;
};

// Types that mean something when a program runs (enumerations, parameters that are properties) take Node's own hand.
function withoutTypes(code) {
  if (modules.stripTypeScriptTypes) return modules.stripTypeScriptTypes(code, { mode: "transform" });
  throw new Error(`TypeScript like this needs Node 22.13, this is ${process.versions.node}: pip install 'cambrian[node]'`);
}

// Stands for the network: answers after ten milliseconds, always the same for the same address.
async function fetch(address, options) {
  await new Promise((resolve) => setTimeout(resolve, WAIT));
  const data = { url: String(address?.url ?? address), method: options?.method ?? "GET" };
  const body = async () => { await new Promise((resolve) => setTimeout(resolve, 0)); return JSON.stringify(data); };
  return { ok: true, status: 200, text: body, json: async () => JSON.parse(await body()) };
}

const ENDS = ["", ".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".json", "/index.js", "/index.ts", "/index.mjs", "/index.cjs"];

class Version {
  constructor({ code, waits, typed }, entry, { place, pieces }) {
    const module = { exports: {} };
    this.printed = "";
    const print = (...parts) => { this.printed += `${format(...parts)}\n`; };
    this.timers = 0;
    this.most = Infinity;
    const later = (...parts) => {
      if (++this.timers > this.most) throw new Error("too many timers");
      return setTimeout(...parts);
    };
    const console = { log: print, info: print, warn: print, error: print, debug: print };
    this.context = vm.createContext({
      console, module, exports: module.exports, require: (name) => this.require(name, place), setInterval, setImmediate, clearTimeout,
      clearInterval, clearImmediate, queueMicrotask, Buffer, URL, URLSearchParams, TextEncoder, TextDecoder, process: {
        env: {}, argv: ["node", "program.js"], nextTick: queueMicrotask, on: () => {},
      },
      structuredClone, performance, AbortController, fetch, setTimeout: later,
      __strict: (taken) => taken,
    });
    this.pieces = pieces;
    this.loadedPieces = new Map();
    const body = `\n;return typeof ${entry} === "undefined" ? module.exports.${entry} : ${entry};`;
    const head = waits ? "(async function () {" : "(function () {";
    let whole = `${head}${code}${body}\n}).call(module.exports)`;
    if (typed) whole = withoutTypes(whole);
    this.loaded = new vm.Script(whole).runInContext(this.context);
  }

  // Files of the project, by a path relative to the one that asks; all else comes from the engine.
  require(name, from) {
    if (!name.startsWith("./") && !name.startsWith("../")) return load(name);
    const base = resolve(dirname(from), name);
    const found = ENDS.map((end) => base + end).find((path) => Object.hasOwn(this.pieces, path));
    if (found === undefined) throw new Error(`Cannot find module '${name}'`);
    if (this.loadedPieces.has(found)) return this.loadedPieces.get(found).exports;
    const { code, typed } = this.pieces[found], piece = { exports: {} };
    this.loadedPieces.set(found, piece);
    if (found.endsWith(".json")) return (piece.exports = vm.runInContext("JSON.parse", this.context)(code));
    let whole = `(function (module, exports, require) {${code}\n})`;
    if (typed) whole = withoutTypes(whole);
    piece.exports = vm.runInContext("({})", this.context);
    new vm.Script(whole).runInContext(this.context)(piece, piece.exports, (other) => this.require(other, found));
    return piece.exports;
  }

  async ready() {
    this.function = await this.loaded;
    if (typeof this.function !== "function") throw new TypeError("there is no function of this name");
    this.parse = vm.runInContext("JSON.parse", this.context); // arguments of its own kind
    return this;
  }

  // Within so many milliseconds, if that is asked; what goes on after an await is not bounded here.
  begin(given, limit) {
    if (!limit) return this.function(...given);
    this.context.__begin = () => this.function(...given);
    return new vm.Script("__begin()").runInContext(this.context, { timeout: limit });
  }

  async call(text, limit = 0) {
    const given = this.parse(text);
    this.printed = "";
    this.timers = 0;
    const outcome = { error: "", value: "", milliseconds: 0 };
    const clock = performance.now(), begun = machine();
    try {
      const value = await this.begin(given, limit);
      outcome.milliseconds = Number(machine() - begun) / 1e6 + performance.now() - clock;
      outcome.value = shown(value);
    } catch (error) {
      outcome.milliseconds = Number(machine() - begun) / 1e6 + performance.now() - clock;
      outcome.error = `${error?.name}: ${error?.message}`;
    }
    outcome.after = shown(given);
    outcome.printed = this.printed;
    return outcome;
  }

  async lap(texts, rounds) {
    let total = 0;
    for (let round = 0; round < rounds; round++) {
      for (const text of texts) total += (await this.call(text)).milliseconds;
    }
    return total / rounds;
  }
}

const kind = (outcome) => outcome.error.split(":", 1)[0];
const parted = (one, other) => kind(one) !== kind(other) || one.value !== other.value || one.after !== other.after
  || one.printed !== other.printed;

// Which versions answer some call otherwise than the first, or do not even load, or take far longer.
async function apart(asked) {
  const told = asked.versions.map(() => false);
  const versions = [];
  for (const [place, each] of asked.versions.entries()) {
    try {
      versions.push(await new Version(each, asked.entry, asked).ready());
    } catch {
      versions.push(null);
      told[place] = true;
    }
  }
  for (const text of asked.calls) {
    const first = await versions[0].call(text);
    const most = LIMIT + 10 * versions[0].timers;
    for (let place = 1; place < versions.length; place++) {
      if (told[place]) continue;
      const limit = Math.ceil(LIMIT + 10 * first.milliseconds);
      versions[place].most = most;
      told[place] = parted(await versions[place].call(text, limit), first);
    }
  }
  return { told: [], pairs: [], error: "", apart: told.slice(1) };
}

async function answer(asked) {
  try {
    if (asked.apart) return await apart(asked);
    const versions = [];
    for (const each of asked.versions) versions.push(await new Version(each, asked.entry, asked).ready());
    const told = [];
    if (asked.pairs === 0) {
      let spent = 0;
      for (const text of asked.calls) {
        const row = [];
        for (const version of versions) row.push(await version.call(text));
        told.push(row);
        spent += row.reduce((sum, each) => sum + each.milliseconds, 0);
        if (spent > asked.most) break;
      }
      return { told, pairs: [], error: "" };
    }
    const pairs = [];
    for (const version of versions) await version.lap(asked.calls, asked.rounds);
    for (let pair = 0; pair < asked.pairs; pair++) {
      const times = [0, 0];
      for (const arm of pair % 2 ? [1, 0] : [0, 1]) times[arm] = await versions[arm].lap(asked.calls, asked.rounds);
      pairs.push(times);
    }
    return { told, pairs, error: "" };
  } catch (error) {
    return { told: [], pairs: [], error: `${error?.name}: ${error?.message}` };
  }
}

return await answer(asked);
