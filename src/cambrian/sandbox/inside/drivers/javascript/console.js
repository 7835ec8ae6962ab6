// Bridge, part: the console. What it prints goes along with the next turn.

(core) => {
"use strict";
const { native, put, run, toWellFormed } = core;
const { formatted, inspect } = core.part("inspection");

function write(stream, text) {
  run.printed += text.length;
  if (run.printed > run.output) throw new native.Error("OutputLimit: the script has printed more than it may");
  run[stream] += toWellFormed(text);
}

function print(stream, text) {
  write(stream, `${text}\n`);
}

const out = (...args) => print("out", formatted(args));
const err = (...args) => print("err", formatted(args));
const check = (condition, ...args) => {
  if (!condition) print("err", `Assertion failed ${formatted(args)}`);
};
const dir = (value) => print("out", inspect(value, 0, null));
const quiet = () => {};
const trace = (...args) => print("err", `Trace: ${formatted(args)}`);
put(globalThis, "console", {
  log: out, info: out, debug: out, group: out, dir, table: dir, error: err, warn: err, trace, assert: check,
  groupEnd: quiet, time: quiet, timeEnd: quiet, timeLog: quiet, count: quiet, countReset: quiet,
});

return { __proto__: null, write };
}
