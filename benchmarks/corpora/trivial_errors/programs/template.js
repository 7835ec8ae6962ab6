function compile(source) {
  const parts = source.split(/\{\{\s*(\w+)\s*\}\}/);
  return (values) =>
    parts
      .map((part, i) => {
        if (i % 2 === 0) return part;
        if (!(part in values)) {
          throw new ReferenceError("no value for " + part);
        }
        return escape(String(values[part]));
      })
      .join("");
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function escape(text) {
  return text.replace(/[&<>]/g, (sign) => ESCAPES[sign]);
}

const letter = compile("Dear {{ name }}, you owe {{amount}} for {{ thing }}.");
console.log(letter({ name: "Tom & Co", amount: 12.5, thing: "<tea>" }));
try {
  letter({ name: "x" });
} catch (error) {
  console.log(error.message);
}
console.log(compile("plain")({}), escape("a>b").length);
