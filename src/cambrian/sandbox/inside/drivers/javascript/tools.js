// Bridge, part: calls. They go into a queue as text; answers come back by number.

(core) => {
"use strict";
const { create, freeze, getOwnPropertyDescriptor, indexOf, native, put, quote, run, slice } = core;
const { encode, isRecord } = core.part("values");
const pending = create(null); // number of a call → what settles its promise
let next = 0;

class ToolError extends native.Error {
  constructor(message, tool, stack) {
    super(message);
    put(this, "tool", tool);
    put(this, "stack", placed(stack, message));
  }
}
put(ToolError.prototype, "name", "ToolError");

// Where the call was made, which is what a reader wants to know, and not where its answer came in. The first frames of
// `stack`, of `call` and of the tool's own function, are left out.
function placed(stack, message) {
  const titled = indexOf(stack, "Error") === 0; // V8 begins with the error, QuickJS with the first frame
  let at = 0;
  for (let lines = titled ? 3 : 2; lines > 0; lines--) {
    const end = indexOf(stack, "\n", at);
    if (end < 0) return titled ? `ToolError: ${message}` : "";
    at = end + 1;
  }
  return `${titled ? `ToolError: ${message}\n` : ""}${slice(stack, at)}`;
}

// A single plain object is arguments by name, everything else arguments by position.
function call(name, args) {
  const { stack } = new native.Error();
  return new native.Promise((resolve, reject) => {
    const named = args.length === 1 && isRecord(args[0]);
    const text = encode(named ? args[0] : args, named ? "the argument" : "the arguments", 0, true);
    const id = next;
    next += 1;
    run.calls += `${run.queued ? "," : ""}{"id":${id},"tool":${quote(name)},"${named ? "kwargs" : "args"}":${text}}`;
    run.queued += 1;
    pending[id] = { __proto__: null, resolve, reject, name, stack: typeof stack === "string" ? stack : "" };
  });
}

// What a tool's global name may not hide, on any engine; such a tool is found under `tools` only.
const TAKEN =
  " AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array " +
  "Boolean DataView Date DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array " +
  "Float64Array Function Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN " +
  "Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String " +
  "SuppressedError Symbol SyntaxError Temporal ToolError TypeError URIError Uint16Array Uint32Array " +
  "Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly __proto__ clearImmediate " +
  "clearInterval clearTimeout console constructor decodeURI decodeURIComponent encodeURI " +
  "encodeURIComponent escape eval globalThis hasOwnProperty isFinite isNaN isPrototypeOf parseFloat " +
  "parseInt performance propertyIsEnumerable queueMicrotask setImmediate setInterval setTimeout " +
  "toLocaleString toString tools undefined unescape valueOf ";

const tools = create(null);
for (let at = 0; at < run.tools.length; at++) {
  const name = run.tools[at];
  const tool = freeze((...args) => call(name, args));
  put(tools, name, tool);
  if (indexOf(TAKEN, ` ${name} `) < 0 && !getOwnPropertyDescriptor(run.inputs, name)) put(globalThis, name, tool);
}
if (!getOwnPropertyDescriptor(run.inputs, "tools")) put(globalThis, "tools", freeze(tools));
if (!getOwnPropertyDescriptor(run.inputs, "ToolError")) put(globalThis, "ToolError", ToolError);

function settle(answers) {
  for (let at = 0; at < answers.length; at++) {
    const answer = answers[at];
    const waiting = pending[answer.call];
    delete pending[answer.call];
    if (!waiting) continue;
    if (answer.error) waiting.reject(new ToolError(answer.error, waiting.name, waiting.stack));
    else waiting.resolve(answer.value);
  }
}

return { __proto__: null, settle };
}
