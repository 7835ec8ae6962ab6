// Bridge, part: how console.log shows values, close to how Node shows them, on one line. Pure but for getters.

(core) => {
"use strict";
const { charAt, getOwnPropertyDescriptor, getPrototypeOf, indexOf, isSame, native, ownKeys, prototypes, quote, slice, uncurry } = core;
const { encode, guarded, isA, isoText } = core.part("values");
const { Date: NativeDate, Error: NativeError, Map: NativeMap, Number: NativeNumber, RegExp: NativeRegExp } = native;
const { Set: NativeSet, String: NativeString, TypedArray } = native;
const { isArray, trunc: truncate } = prototypes;
const regExpText = uncurry(prototypes.regExpText);
const matches = uncurry(prototypes.exec);
const eachOfMap = uncurry(prototypes.eachOfMap);
const eachOfSet = uncurry(prototypes.eachOfSet);
const mapSize = uncurry(prototypes.mapSize);
const setSize = uncurry(prototypes.setSize);

const DEEPEST_SHOWN = 4;
const MOST_SHOWN = 100;

// `chain` is the linked list of objects that this one lies in.
function inspect(value, depth, chain) {
  if (typeof value === "string") return depth ? `'${slice(quote(value), 1, -1)}'` : value;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return inspectFunction(value);
  if (typeof value !== "object" || value === null) return isSame(value, -0) ? "-0" : NativeString(value);
  for (let link = chain; link; link = link.up) if (link.value === value) return "[Circular]";
  if (isA(NativeError, value)) return describeError(value);
  if (isA(NativeDate, value)) return guarded(() => isoText(value), "Invalid Date");
  if (isA(NativeRegExp, value)) return regExpText(value);
  if (depth > DEEPEST_SHOWN) return isArray(value) ? "[Array]" : "[Object]";
  return inspectContainer(value, depth, { value, up: chain });
}

function inspectFunction(value) {
  const name = guarded(() => value.name, "");
  const kind = guarded(() => (slice(NativeString(value), 0, 6) === "class " ? "class" : "Function"), "Function");
  return kind === "class" ? `[class ${name}]` : name ? `[Function: ${name}]` : "[Function (anonymous)]";
}

function inspectContainer(value, depth, chain) {
  if (isArray(value)) return inspectItems("", value, depth, chain);
  if (isA(TypedArray, value)) return inspectItems(`${className(value)}(${value.length}) `, value, depth, chain);
  if (isA(NativeMap, value)) return inspectMap(value, depth, chain);
  if (isA(NativeSet, value)) return inspectSet(value, depth, chain);
  const name = className(value);
  return inspectRecord(name && name !== "Object" ? `${name} ` : "", value, depth, chain);
}

function className(value) {
  const above = getPrototypeOf(value);
  return above === null ? "[Object: null prototype]" : guarded(() => above.constructor.name, "");
}

// Joins texts that `each` gives to its callback.
function listed(open, close, each) {
  let text = "";
  let count = 0;
  each((make) => {
    if (count < MOST_SHOWN) text += (count ? ", " : " ") + make();
    count += 1;
  });
  if (count > MOST_SHOWN) text += `, ... ${count - MOST_SHOWN} more`;
  return count ? `${open}${text} ${close}` : open + close;
}

function inspectItems(prefix, value, depth, chain) {
  return listed(`${prefix}[`, "]", (give) => {
    for (let at = 0; at < value.length; at++) give(() => inspect(value[at], depth + 1, chain));
  });
}

function inspectRecord(prefix, value, depth, chain) {
  const keys = ownKeys(value);
  return listed(`${prefix}{`, "}", (give) => {
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at];
      if (!getOwnPropertyDescriptor(value, key)?.enumerable) continue;
      give(() => `${showKey(key)}: ${inspect(value[key], depth + 1, chain)}`);
    }
  });
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

function showKey(key) {
  if (typeof key === "symbol") return `[${NativeString(key)}]`;
  return matches(IDENTIFIER, key) ? key : `'${slice(quote(key), 1, -1)}'`;
}

function inspectMap(value, depth, chain) {
  const size = guarded(() => `${mapSize(value)}`, "?");
  return listed(`Map(${size}) {`, "}", (give) => {
    eachOfMap(value, (item, key) => {
      give(() => `${inspect(key, depth + 1, chain)} => ${inspect(item, depth + 1, chain)}`);
    });
  });
}

function inspectSet(value, depth, chain) {
  const size = guarded(() => `${setSize(value)}`, "?");
  return listed(`Set(${size}) {`, "}", (give) => {
    eachOfSet(value, (item) => give(() => inspect(item, depth + 1, chain)));
  });
}

function describeError(error) {
  const name = guarded(() => error.name, "Error");
  const message = guarded(() => error.message, "");
  return message ? `${name}: ${message}` : name;
}

// The text of one console call: printf-like directives in the first argument, the rest joined by blanks.
function formatted(args) {
  let at = 0;
  let text = "";
  if (typeof args[0] === "string" && indexOf(args[0], "%") >= 0) {
    text = directives(args, (used) => {
      at = used;
    });
  }
  for (; at < args.length; at++) text += (at ? " " : "") + inspect(args[at], 0, null);
  return text;
}

function directives(args, used) {
  const format = args[0];
  let next = 1;
  let text = "";
  for (let at = 0; at < format.length; at++) {
    const code = charAt(format, at) === "%" ? charAt(format, at + 1) : "";
    if (code === "%") {
      text += "%";
      at += 1;
    } else if (code && indexOf("sdifjoO", code) >= 0 && next < args.length) {
      text += directive(code, args[next++]);
      at += 1;
    } else {
      text += charAt(format, at);
    }
  }
  used(next);
  return text;
}

function directive(code, value) {
  if (code === "s") return inspect(value, 0, null);
  if (code === "j") return guarded(() => encode(value, "value", 0, true), "[cannot be shown]");
  if (code === "o" || code === "O") return inspect(value, 1, null);
  return guarded(() => `${code === "i" ? truncate(NativeNumber(value)) : NativeNumber(value)}`, "NaN");
}

return { __proto__: null, inspect, formatted };
}
