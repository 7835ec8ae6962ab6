// Bridge, part: timers. Time passes when nothing else is left to do.

(core) => {
"use strict";
const { apply, create, present, put, run } = core;
const timers = create(null);
let lastTimer = 0;

function addTimer(action, delay, args, every) {
  const wait = delay > 0 ? +delay : 0;
  lastTimer += 1;
  timers[lastTimer] = { __proto__: null, action, args, due: present() + wait, every: every ? wait || 1 : 0 };
  return lastTimer;
}

function removeTimer(id) {
  if (typeof id === "number") delete timers[id];
}

// Lets time pass to the next timer and runs it. False if there is none.
function fire() {
  let next = 0;
  for (const id in timers) if (!next || timers[id].due < timers[next].due) next = id;
  if (!next) return false;
  const timer = timers[next];
  if (timer.due > present()) {
    run.base = timer.due;
    run.looks = 0;
  }
  if (timer.every) timer.due = present() + timer.every;
  else delete timers[next];
  apply(timer.action, undefined, timer.args);
  return true;
}

put(globalThis, "setTimeout", (action, delay, ...args) => addTimer(action, delay, args, false));
put(globalThis, "setInterval", (action, delay, ...args) => addTimer(action, delay, args, true));
put(globalThis, "setImmediate", (action, ...args) => addTimer(action, 0, args, false));
put(globalThis, "clearTimeout", removeTimer);
put(globalThis, "clearInterval", removeTimer);
put(globalThis, "clearImmediate", removeTimer);

return { __proto__: null, fire };
}
