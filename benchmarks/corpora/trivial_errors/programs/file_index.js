const { join, extname, basename } = require("path");
const { createHash } = require("crypto");
const assert = require("assert");

const FILES = {
  "notes/a.txt": "alpha",
  "notes/b.md": "beta",
  "src/main.js": "alpha",
};

function fingerprint(text) {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

function index(files) {
  const result = new Map();
  for (const [path, text] of Object.entries(files)) {
    const key = fingerprint(text);
    const known = result.get(key) ?? [];
    known.push(join("/", path));
    result.set(key, known);
  }
  return result;
}

function extensions(files) {
  return Object.keys(files).map((path) => extname(path).slice(1)).sort();
}

const twins = [...index(FILES).values()].filter((paths) => paths.length > 1);
assert.strictEqual(twins.length, 1);
console.log(twins[0].map((path) => basename(path)).join(" = "));
console.log(extensions(FILES).join(","), fingerprint("alpha").length);
console.log(index({}).size);
