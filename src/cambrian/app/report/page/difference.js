// Line differences computed in the page (Myers, "An O(ND) difference algorithm", Algorithmica 1986).
const linesOf = (text) => { const found = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+/g) || []; return found.map((line) => line.replace(/[\r\n]+$/, "")); };

// [sign, old line number, new line number, text] for every line; signs are " ", "-", "+".
function difference(before, after) {
  let head = 0, tail = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  while (tail < before.length - head && tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const a = before.slice(head, before.length - tail), b = after.slice(head, after.length - tail);
  const rows = before.slice(0, head).map((line, index) => [" ", index + 1, index + 1, line]);
  for (const [sign, i, j] of script(a, b)) {
    rows.push([sign, sign === "+" ? null : head + i + 1, sign === "-" ? null : head + j + 1, sign === "+" ? b[j] : a[i]]);
  }
  for (let index = 0; index < tail; index++) {
    const i = before.length - tail + index, j = after.length - tail + index;
    rows.push([" ", i + 1, j + 1, before[i]]);
  }
  return rows;
}

// The shortest edit script; two texts with nothing near in common are told as replaced.
function script(a, b, most = 1000) {
  const limit = Math.min(a.length + b.length, most), reach = new Map([[1, 0]]), trace = [];
  for (let d = 0; d <= limit; d++) {
    trace.push(new Map(reach));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let i = down ? reach.get(k + 1) : reach.get(k - 1) + 1;
      while (i < a.length && i - k < b.length && a[i] === b[i - k]) i++;
      reach.set(k, i);
      if (i >= a.length && i - k >= b.length) return back(a, b, trace);
    }
  }
  return [...a.keys()].map((i) => ["-", i, 0]).concat([...b.keys()].map((j) => ["+", 0, j]));
}

function back(a, b, trace) {
  const found = [];
  let i = a.length, j = b.length;
  for (let d = trace.length - 1; d >= 0; d--) {
    const reach = trace[d], k = i - j;
    const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
    const from = down ? k + 1 : k - 1, start = d === 0 ? 0 : reach.get(from), other = start - from;
    while (i > (d === 0 ? 0 : down ? start : start + 1) && j > (d === 0 ? 0 : down ? other + 1 : other)) found.push([" ", --i, --j]);
    if (d > 0) { if (down) found.push(["+", i, --j]); else found.push(["-", --i, j]); }
  }
  return found.reverse();
}

if (typeof module !== "undefined") module.exports = { difference, linesOf };
