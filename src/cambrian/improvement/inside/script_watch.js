// Laid beside a project and loaded first by each of its Node processes: profiles it, or writes down the calls of a function.
//
// What is written down is read as a hint. A fault in here must not change how the process ends.

"use strict";
const fs = require("node:fs");
const path = require("node:path");

const out = (kind) => path.join(__dirname, `${kind}-${process.pid}-${Date.now()}.json`);

function profile() {
  const { Session } = require("node:inspector");
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: 500 });
  session.post("Profiler.start");
  process.on("exit", () => {
    session.post("Profiler.stop", (error, found) => {
      const root = fs.realpathSync(process.env.CAMBRIAN_SCRIPT_ROOT);
      if (!error) fs.writeFileSync(out("profile"), JSON.stringify({ root, profile: found.profile }));
    });
  });
}

// The function under watch calls this with its arguments, as they are when it begins.
function record() {
  const MOST = 200, LARGEST = 200000;
  const { isDeepStrictEqual } = require("node:util");
  const seen = new Set();
  process.__cambrian_record = (given) => {
    try {
      if (seen.size >= MOST) return;
      const text = JSON.stringify(given);
      if (text.length <= LARGEST && isDeepStrictEqual(JSON.parse(text), given)) seen.add(text);
    } catch {
      // what JSON cannot tell is no case
    }
  };
  process.on("exit", () => {
    if (seen.size > 0) fs.writeFileSync(out("record"), `[${[...seen].join(",")}]`);
  });
}

try {
  if (process.env.CAMBRIAN_SCRIPT_WATCH === "profile") profile();
  if (process.env.CAMBRIAN_SCRIPT_WATCH === "record") record();
} catch (error) {
  process.stderr.write(`the watch could not begin: ${error}\n`);
}
