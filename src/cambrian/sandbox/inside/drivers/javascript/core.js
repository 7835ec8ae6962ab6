// Bridge, core: one run of a script. All that every run needs; the parts are compiled when first needed, as the engine
// would otherwise spend more time on this than on most scripts.
//
// It runs before the script and takes aside every built-in that core and parts will need. They call no method through a
// prototype, iterate over nothing and copy no array by spreading: all of that a script can redefine. Nothing of the host
// is reachable from here: a call is text in a queue until somebody outside takes it.

const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { create, freeze, is: isSame } = Object;
const { parse, stringify } = JSON;
const { isFinite: isFiniteNumber } = Number;
const evaluate = eval;
const uncurry = (method) => (self, ...args) => apply(method, self, args);
const ownString = String.prototype;
const slice = uncurry(ownString.slice);
const charAt = uncurry(ownString.charAt);
const indexOf = uncurry(ownString.indexOf);
const isWellFormed = uncurry(ownString.isWellFormed);
const toWellFormed = uncurry(ownString.toWellFormed);
const then = uncurry(Promise.prototype.then);
const native = {
  __proto__: null, Array, Date, Error, Map, Math, Number, Object, Promise, RegExp, Set, String, TypeError, Uint8Array,
  crypto: globalThis.crypto, performance: globalThis.performance,
  AsyncFunction: (async () => {}).constructor, TypedArray: getPrototypeOf(Uint8Array),
};
const prototypes = {
  __proto__: null,
  iso: Date.prototype.toISOString, regExpText: RegExp.prototype.toString, exec: RegExp.prototype.exec,
  hasInstance: Function.prototype[Symbol.hasInstance], eachOfMap: Map.prototype.forEach, eachOfSet: Set.prototype.forEach,
  mapSize: getOwnPropertyDescriptor(Map.prototype, "size").get,
  setSize: getOwnPropertyDescriptor(Set.prototype, "size").get,
  isArray: Array.isArray, floor: Math.floor, trunc: Math.trunc,
};

const quote = (text) => stringify(toWellFormed(text));
const NAMED = "\n//# sourceURL=script"; // what V8 and JavaScriptCore call it in stacks
const LOOK = 0.001; // milliseconds that a look at the clock takes
const run = {
  __proto__: null, calls: "", queued: 0, ended: "", doing: "compiling", out: "", err: "", printed: 0, output: 0,
  base: 0, looks: 0, origin: 0, words: null, tools: null, globals: null,
};

const core = {
  __proto__: null, apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, create, freeze,
  isSame, stringify, isFiniteNumber, uncurry, slice, charAt, indexOf, isWellFormed, toWellFormed, native, prototypes,
  quote, run, NAMED, part, put, present, look, globalObject: globalThis,
};

const texts = create(null);
const made = create(null);

// What a part exports.
function part(name) {
  if (!made[name]) made[name] = evaluate(texts[name])(core);
  return made[name];
}

// False if the property cannot be changed.
function put(owner, name, value) {
  return defineProperty(owner, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
}

// A property that a part puts there as soon as anybody asks for it.
function putLater(owner, name, from) {
  const get = () => {
    part(from);
    return owner[name];
  };
  const set = (value) => put(owner, name, value);
  defineProperty(owner, name, { __proto__: null, get, set, enumerable: false, configurable: true });
}

// Milliseconds since the Unix epoch. Base and looks are kept apart, as their sum would be rounded each time.
function present() {
  return run.base + run.looks * LOOK;
}

function look() {
  run.looks += 1;
  return present();
}

const LATER = {
  time: "Date performance", console: "console", tools: "ToolError tools",
  timers: "setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate",
};

// No script has been here yet, so this may iterate and call methods.
function begin(request) {
  run.base = run.origin = request.now * 1000;
  run.output = request.output;
  run.words = request.words;
  for (const from in LATER) for (const name of LATER[from].split(" ")) putLater(globalThis, name, from);
  putLater(Math, "random", "chance");
  for (const name of request.globals) putLater(globalThis, name, "tools");
  run.tools = request.tools;
  run.globals = request.globals;
  const names = ownKeys(request.inputs);
  for (let at = 0; at < names.length; at++) put(globalThis, names[at], request.inputs[names[at]]);
}

function start(code) {
  attempt(() => {
    const main = compile(code);
    run.doing = "running";
    const promise = apply(main, undefined, []);
    put(promise, "constructor", native.Promise); // whatever the script makes of the prototype
    then(promise, finish, fail);
  });
}

// A script without any place for a second statement is an expression, or is looked at closely as all others are.
function compile(code) {
  if (indexOf(code, ";") < 0 && indexOf(code, "\n") < 0 && indexOf(code, "}") < 0) {
    try {
      return construct(native.AsyncFunction, [`return ${code}${NAMED}`]);
    } catch {
      // no expression
    }
  }
  return part("completion").compile(code);
}

function attempt(action) {
  try {
    action();
  } catch (error) {
    fail(error);
  }
}

function finish(value) {
  if (run.ended) return;
  if (value === undefined) run.ended = '{"turn":"done","value":null,"shown":""}';
  else if ((typeof value === "number" && isFiniteNumber(value)) || (typeof value === "string" && isWellFormed(value))) {
    run.ended = `{"turn":"done","value":${stringify(value)},"shown":""}`;
  } else run.ended = part("values").done(value);
}

function fail(error) {
  if (!run.ended) run.ended = part("values").raised(error);
}

function resume(request) {
  part("tools").resume(request);
}

// The text of the next turn; "" if a timer went off and there may be more to do before it.
function turn() {
  if (run.printed > run.output) return said(part("values").ending("OutputLimit", "the script printed more than it may"));
  if (run.queued) {
    const text = said(`{"turn":"calls","calls":[${run.calls}]}`);
    run.calls = "";
    run.queued = 0;
    return text;
  }
  if (run.ended) return said(run.ended);
  let fired = false;
  attempt(() => {
    fired = true;
    fired = made.timers ? made.timers.fire() : false;
  });
  if (fired) return "";
  return said(part("values").ending("Deadlock", "the script waits for a promise that nothing will ever settle"));
}

function said(text) {
  const message = `{"turn":${text},"stdout":${stringify(run.out)},"stderr":${stringify(run.err)}}`;
  run.out = "";
  run.err = "";
  return slice(message, 0); // QuickJS keeps a long text in pieces, which the driver cannot take; this puts them together
}
