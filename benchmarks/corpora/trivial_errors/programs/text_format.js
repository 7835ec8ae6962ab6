const { format, isDeepStrictEqual } = require("util");
const { EOL } = require("os");

const TEMPLATES = {
  greeting: "Hello %s, you have %d new letters",
  total: "%s: %d of %d (%s%%)",
};

function message(name, ...values) {
  if (!Object.hasOwn(TEMPLATES, name)) {
    throw new Error("no template " + name);
  }
  return format(TEMPLATES[name], ...values);
}

function percent(part, whole, digits = 1) {
  return whole === 0 ? "0" : ((100 * part) / whole).toFixed(digits);
}

const lines = [message("greeting", "Ann", 3), message("total", "read", 2, 3, percent(2, 3))];
console.log(lines.join(EOL));
console.log(percent(1, 0), percent(1, 8, 2));
console.log(isDeepStrictEqual(lines, [...lines]), isDeepStrictEqual({ a: [1] }, { a: [2] }));
try {
  message("farewell");
} catch (error) {
  console.log(error.message);
}
