// Runs candidates of a JavaScript file, each in a context of its own, and tells how each ended. Inside the jail, in Node.
//
// Timers are the run's: time passes when nothing else is left to do, so waiting for a moment far away waits for all.

const get = process.getBuiltinModule;
const vm = get("node:vm");
const modules = get("node:module");
const { format } = get("node:util");
const load = modules.createRequire("/");
const END = 10_000_000, MOST_OUTPUT = 200_000, MOST_SEEN = 200, MOST_NAMES = 400;
let running = null;

process.on("unhandledRejection", (error) => running?.fail(error));
process.on("uncaughtException", (error) => running?.fail(error));

// Types that mean something when a program runs (enumerations, parameters that are properties) take Node's own hand.
function withoutTypes(code) {
  if (modules.stripTypeScriptTypes) return modules.stripTypeScriptTypes(code, { mode: "transform" });
  throw new Error(`TypeScript like this needs Node 22.13, this is ${process.versions.node}: pip install 'cambrian[node]'`);
}

function namesOf(value) {
  const names = new Set();
  for (let each = Object(value); each && names.size < MOST_NAMES; each = Object.getPrototypeOf(each)) {
    for (const name of Object.getOwnPropertyNames(each)) names.add(name);
  }
  return [...names].filter((name) => name !== "constructor" && !/^\d+$/.test(name)).slice(0, MOST_NAMES);
}

function kindOf(value) {
  if (value === null) return "null";
  return typeof value === "object" ? value.constructor?.name ?? "Object" : typeof value;
}

class Run {
  constructor(given) {
    this.given = given;
    this.output = "";
    this.failure = null;
    this.absent = new Map();
    this.over = false;
    this.process = null;
  }

  // What `process.exit` does: nothing is printed after it.
  exit(code) {
    const status = code ?? this.process?.exitCode;
    if (!this.over) this.failure ??= { error: status ? exited(status) : done };
    this.over = true;
    throw done;
  }

  fail(error) {
    this.failure ??= { error };
  }

  print(...parts) {
    if (this.output.length < MOST_OUTPUT && !this.over) this.output += `${format(...parts)}\n`;
  }

  // Stands around objects of which a property is read: notes what they do not have.
  see(value, name, start) {
    if (value === null || value === undefined) this.note(start, name, value, []);
    else if (!(name in Object(value))) this.note(start, name, value, namesOf(value));
    return value;
  }

  note(start, name, value, members) {
    if (this.absent.size < MOST_SEEN && !this.absent.has(start)) {
      this.absent.set(start, { start, name, owner: kindOf(value), members });
    }
  }

  require(name) {
    const module = load(name);
    return module;
  }

  // What a module does not have of what is taken from it.
  named(module, names, starts) {
    names.forEach((name, index) => {
      if (!(name in module)) this.note(starts[index], name, module, namesOf(module));
    });
    return module;
  }

  strict(module, names, from) {
    for (const name of names) {
      if (!(name in module)) {
        this.note(-1, name, module, namesOf(module));
        throw new SyntaxError(`The requested module '${from}' does not provide an export named '${name}'`);
      }
    }
    return module;
  }

  context() {
    const log = this.print.bind(this);
    const none = () => {};
    const console = { log, info: log, debug: log, error: none, warn: none, table: log, dir: log, assert: none };
    const module = { exports: {} };
    const require = this.require.bind(this);
    const own = {
      console, module, exports: module.exports, require, __filename: "/program.js", __dirname: "/",
      setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, queueMicrotask,
      process: {
        argv: ["node", "program.js"], env: {}, exitCode: 0, on: none, nextTick: queueMicrotask,
        stdout: { write: (text) => { if (!this.over) this.output += text; return true; } },
        stderr: { write: () => true },
        hrtime: process.hrtime, cwd: () => "/", platform: "linux", version: process.version, memoryUsage: process.memoryUsage,
        exit: (code) => this.exit(code),
      },
      Buffer, URL, URLSearchParams, TextEncoder, TextDecoder, structuredClone, performance, AbortController, Event,
      EventTarget, fetch, atob, btoa, crypto: globalThis.crypto,
      __see: this.see.bind(this), __named: this.named.bind(this), __strict: this.strict.bind(this),
    };
    own.global = own;
    this.process = own.process;
    require.main = module;
    return vm.createContext(own);
  }

  async go() {
    running = this;
    const head = this.given.waits ? "(async function () {" : "(function () {";
    try {
      let whole = `${head}${this.given.code}\n}).call(module.exports)`;
      if (this.given.typed) whole = withoutTypes(whole);
      const script = new vm.Script(whole, {
        filename: "program.js", columnOffset: -head.length,
      });
      const result = script.runInContext(this.context(), { timeout: this.given.limit });
      if (this.given.waits) result.catch((error) => this.fail(error));
    } catch (error) {
      this.fail(error);
    }
    await new Promise((resolve) => setTimeout(resolve, END));
    await new Promise((resolve) => setTimeout(resolve, 1));
    running = null;
    return this.told();
  }

  told() {
    const status = this.process?.exitCode;
    if (this.failure === null && status) this.failure = { error: exited(status) };
    const error = this.failure?.error;
    const failed = this.failure !== null && error !== done;
    const stack = String(error?.stack ?? "");
    const lines = [...stack.matchAll(/program\.js:(\d+)/g)].map((match) => Number(match[1]));
    return {
      type: failed ? String(error?.name ?? "Thrown") : "",
      message: failed ? String(error?.message ?? error).slice(0, 1000) : "",
      code: failed ? String(error?.code ?? "") : "",
      line: lines[0] ?? 0,
      lines: lines.slice(0, 12),
      output: this.output,
      absent: [...this.absent.values()],
    };
  }
}

const done = Symbol("exit");
const exited = (status) => ({ name: "Exit", message: `it ended with status ${status}` });
let told = [];
for (;;) {
  const batch = await tools.batch(told);
  told = [];
  for (const given of batch) told.push(await new Run(given).go());
}
