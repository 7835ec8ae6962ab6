const RULES = [
  ["number", /^\d+(\.\d+)?/],
  ["name", /^[a-z]\w*/i],
  ["operator", /^[-+*\/()]/],
  ["space", /^\s+/],
];

function* tokenize(source) {
  let rest = source;
  while (rest.length > 0) {
    const found = RULES.map(([kind, pattern]) => ({ kind, match: rest.match(pattern) })).find((each) => each.match);
    if (!found) {
      throw new SyntaxError(`unexpected ${rest[0]} at ${source.length - rest.length}`);
    }
    const text = found.match[0];
    rest = rest.slice(text.length);
    if (found.kind !== "space") {
      yield { kind: found.kind, text };
    }
  }
}

for (const { kind, text } of tokenize("width * (2.5 + x1)")) {
  console.log(kind.padEnd(9) + text);
}
try {
  Array.from(tokenize("a # b"));
} catch (error) {
  console.log(`${error.name}: ${error.message}`);
}
