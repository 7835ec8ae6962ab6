// Bridge, part: calls. They go into a queue as text; answers come back by number.

(core) => {
"use strict";
const { create, freeze, getOwnPropertyDescriptor, globalObject, indexOf, isFiniteNumber, isWellFormed, native, present } = core;
const { put, quote, run, slice, stringify } = core;
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

// JSON text of a value that is a text, a number or a boolean; "" for all others, and for those that JSON does not have.
function scalar(value) {
  switch (typeof value) {
    case "string":
      return isWellFormed(value) ? stringify(value) : "";
    case "number":
      return isFiniteNumber(value) ? "" + value : "";
    case "boolean":
      return value ? "true" : "false";
    default:
      return "";
  }
}

// JSON text of arguments that are all such; "" if they are not. It spares most calls the part that looks into objects.
function scalars(args) {
  let text = "";
  for (let at = 0; at < args.length; at++) {
    const each = scalar(args[at]);
    if (!each) return "";
    text += (at ? "," : "") + each;
  }
  return `[${text}]`;
}

// A single plain object is arguments by name, everything else arguments by position.
function call(name, args) {
  const { stack } = new native.Error();
  return new native.Promise((resolve, reject) => {
    let named = false;
    let text = scalars(args);
    if (!text) {
      const { encode, isRecord } = core.part("values");
      named = args.length === 1 && isRecord(args[0]);
      text = encode(named ? args[0] : args, named ? "the argument" : "the arguments", 0, true);
    }
    const id = next;
    next += 1;
    run.calls += `${run.queued ? "," : ""}{"id":${id},"tool":${quote(name)},"${named ? "kwargs" : "args"}":${text}}`;
    run.queued += 1;
    pending[id] = { __proto__: null, resolve, reject, name, stack: typeof stack === "string" ? stack : "" };
  });
}

// A name that the script has taken meanwhile, or an input of that name, stays what it is.
function offer(name, value) {
  const found = getOwnPropertyDescriptor(globalObject, name);
  if (found && getOwnPropertyDescriptor(found, "get")) put(globalObject, name, value);
}

const tools = create(null);
for (let at = 0; at < run.tools.length; at++) {
  const name = run.tools[at];
  const tool = freeze((...args) => call(name, args));
  put(tools, name, tool);
}
for (let at = 0; at < run.globals.length; at++) offer(run.globals[at], tools[run.globals[at]]);
offer("tools", freeze(tools));
offer("ToolError", ToolError);

// Takes the answers of a turn, and what time it is now; which never goes back.
function resume({ answers, now }) {
  if (now * 1000 > present()) {
    run.base = now * 1000;
    run.looks = 0;
  }
  settle(answers);
}

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

return { __proto__: null, resume };
}
