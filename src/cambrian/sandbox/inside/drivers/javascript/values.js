// Bridge, part: values to text, and the last turn. What may not enter: calls, clock.

(core) => {
"use strict";
const { getOwnPropertyDescriptor, getPrototypeOf, isFiniteNumber, isWellFormed, native, ownKeys, prototypes, quote, slice, stringify, uncurry } = core;
const { Date: NativeDate, Error: NativeError, String: NativeString, TypeError: NativeTypeError } = native;
const { isArray } = prototypes;
const ObjectPrototype = native.Object.prototype;
const hasInstance = uncurry(prototypes.hasInstance);
const isoText = uncurry(prototypes.iso);
const isA = (kind, value) => hasInstance(kind, value);

const DEEPEST = 64; // the host's codec takes 100, and wraps a value in a few
const SHOWN = 1000;
const LONGEST_MESSAGE = 4000;

function refuse(path, what) {
  throw new NativeTypeError(`${path} is ${what}, which is no JSON value`);
}

// JSON text of a value. A property that is undefined is left out and an item that is undefined is null, as in
// JSON.stringify. Dates become text only where `dates` says so; any other object of a class is refused.
function encode(value, path, depth, dates) {
  switch (typeof value) {
    case "string":
      return isWellFormed(value) ? stringify(value) : refuse(path, "text with half a character");
    case "number":
      return isFiniteNumber(value) ? "" + value : refuse(path, "" + value);
    case "boolean":
      return value ? "true" : "false";
    case "undefined":
      return "null";
    case "object":
      return value === null ? "null" : encodeObject(value, path, depth, dates);
    default:
      return refuse(path, `a ${typeof value}`);
  }
}

function encodeObject(value, path, depth, dates) {
  if (depth > DEEPEST) refuse(path, "nested too deep");
  if (isArray(value)) return encodeArray(value, path, depth, dates);
  const above = getPrototypeOf(value);
  if (above === null || above === ObjectPrototype) return encodeRecord(value, path, depth, dates);
  if (dates && isA(NativeDate, value)) return quote(isoText(value));
  return refuse(path, "an object of a class");
}

function encodeArray(value, path, depth, dates) {
  let text = "";
  for (let at = 0; at < value.length; at++) {
    text += (at ? "," : "") + encode(value[at], `${path}[${at}]`, depth + 1, dates);
  }
  return `[${text}]`;
}

function encodeRecord(value, path, depth, dates) {
  const keys = ownKeys(value);
  let text = "";
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at];
    if (typeof key !== "string" || !getOwnPropertyDescriptor(value, key)?.enumerable) continue;
    const item = value[key];
    if (item === undefined) continue;
    text += (text && ",") + quote(key) + ":" + encode(item, `${path}.${slice(key, 0, 40)}`, depth + 1, dates);
  }
  return `{${text}}`;
}

const isRecord = (value) =>
  typeof value === "object" &&
  value !== null &&
  !isArray(value) &&
  (getPrototypeOf(value) === ObjectPrototype || getPrototypeOf(value) === null);

// What a script may do when it is looked at (getters, proxies) happens inside here, and what it throws ends here.
function guarded(look, otherwise) {
  try {
    const text = look();
    return typeof text === "string" ? text : otherwise;
  } catch {
    return otherwise;
  }
}

// The text of a value that is no JSON value, for people.
function show(value) {
  const text = guarded(
    () => (typeof value === "object" && value !== null ? core.part("inspection").inspect(value, 0, null) : NativeString(value)),
    "[cannot be shown]",
  );
  return slice(text, 0, SHOWN);
}

// The last turn of a script that ended with a value.
function done(value) {
  let text = "null";
  let shown = "";
  try {
    text = encode(value, "the value", 0, false);
  } catch {
    shown = show(value);
  }
  return `{"turn":"done","value":${text},"shown":${quote(shown)}}`;
}

// The last turn of a script that ended with an error.
function raised(error) {
  if (!isA(NativeError, error)) return ending("Uncaught", show(error), "");
  const type = guarded(() => error.name, "Error");
  return ending(type, guarded(() => error.message, ""), guarded(() => error.stack, ""));
}

function ending(type, message, stack = "") {
  const doing = `"turn":"raised","doing":"${core.run.doing}"`;
  return `{${doing},"type":${cut(type)},"message":${cut(message)},"traceback":${cut(stack)}}`;
}

const cut = (text) => quote(slice(text, 0, LONGEST_MESSAGE));

return { __proto__: null, encode, isRecord, guarded, isA, isoText, done, raised, ending };
}
