// Bridge, part: Date and performance, which show the clock of the run.

(core) => {
"use strict";
const { construct, defineProperty, getPrototypeOf, look, native, prototypes, put, run } = core;
const NativeDate = native.Date;
const floor = prototypes.floor;

function Date(...args) {
  if (!new.target) return native.String(construct(NativeDate, [look()]));
  return construct(NativeDate, args.length ? args : [look()], new.target);
}
const now = () => floor(look());
put(Date, "now", now);
put(Date, "parse", NativeDate.parse);
put(Date, "UTC", NativeDate.UTC);
defineProperty(Date, "length", { __proto__: null, value: 7 });
defineProperty(Date, "prototype", { __proto__: null, value: NativeDate.prototype, writable: false });
put(NativeDate.prototype, "constructor", Date);
put(globalThis, "Date", Date);

// Where the engine has an object for it that can be changed, what that inherits must not show the machine's clock either;
// where not, scripts get another object.
const since = () => look() - run.origin;
const mine = { now: since, timeOrigin: run.origin };
const owner = native.performance && put(native.performance, "now", since) ? native.performance : mine;
const above = owner === mine ? mine : getPrototypeOf(owner);
put(above, "now", since);
put(owner, "timeOrigin", run.origin);
put(above, "timeOrigin", run.origin);
put(globalThis, "performance", owner);

return null;
}
