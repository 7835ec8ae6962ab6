// Bridge, part: chance, from the seed of the run.

(core) => {
"use strict";
const { charAt, getPrototypeOf, native, put, run } = core;
// The generator sfc32 (PractRand), seeded with four words.
function generator(words) {
  let a = words[0] | 0;
  let b = words[1] | 0;
  let c = words[2] | 0;
  let d = words[3] | 0;
  return () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
}

const word = generator(run.words);
for (let round = 0; round < 15; round++) word();
put(native.Math, "random", () => (word() * 2 ** 21 + (word() >>> 11)) / 2 ** 53);
if (native.crypto) {
  const getRandomValues = (array) => {
    const bytes = new native.Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let at = 0; at < bytes.length; at++) bytes[at] = word();
    return array;
  };
  const above = getPrototypeOf(native.crypto);
  put(native.crypto, "getRandomValues", getRandomValues);
  put(above, "getRandomValues", getRandomValues);
  put(native.crypto, "randomUUID", uuid);
  put(above, "randomUUID", uuid);
}

function uuid() {
  const digits = "0123456789abcdef";
  let text = "";
  for (let at = 0; at < 36; at++) {
    if (at === 8 || at === 13 || at === 18 || at === 23) text += "-";
    else if (at === 14) text += "4";
    else text += charAt(digits, at === 19 ? 8 + (word() & 3) : word() & 15);
  }
  return text;
}

return null;
}
