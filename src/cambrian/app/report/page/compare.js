// Two variants side by side: chosen by number, from the tree or from the chart; only those whose texts came along.
const CONTEXT = 3, LONG = 150;  // a longer difference is folded away until it is asked for
const textsOf = (number) => data.variants[number] || null;

function compareWithParent(number) {
  const place = placeOf.get(number), parent = place === undefined ? null : points.parent[place];
  choose(parent === null ? data.points.n[0] : parent, number);
}

function choose(a, b) {
  byId("from").value = a;
  byId("to").value = b;
  compare();
  byId("compare").scrollIntoView({ block: "start" });
}

function told(number) {
  const place = placeOf.get(number);
  if (place === undefined) return `#${number} is not among the evaluations of this page.`;
  return textsOf(number) ? "" : `The text of #${number} was left out of this page; cambrian runs diff shows it.`;
}

function compare() {
  const a = Number(byId("from").value), b = Number(byId("to").value), out = byId("compare-out");
  const wrong = told(a) || told(b);
  byId("compare-told").textContent = wrong || describe(placeOf.get(a)) + "  →  " + describe(placeOf.get(b));
  out.replaceChildren();
  if (wrong) return;
  const before = textsOf(a), after = textsOf(b);
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  for (const path of paths) if (before[path] !== after[path]) out.append(...fileDifference(path, before[path], after[path]));
  if (!out.childElementCount) out.append(make("p", {}, "They are the same text."));
}

function fileDifference(path, before, after) {
  const text = (index) => (index === undefined ? [] : linesOf(data.texts[index]));
  const rows = difference(text(before), text(after));
  const near = rows.map(() => false);
  rows.forEach((row, at) => {
    if (row[0] !== " ") for (let i = Math.max(0, at - CONTEXT); i <= Math.min(rows.length - 1, at + CONTEXT); i++) near[i] = true;
  });
  const body = make("tbody");
  let gap = 0;
  rows.forEach((row, at) => {
    if (!near[at]) { gap++; return; }
    if (gap) body.append(gapRow(gap));
    gap = 0;
    body.append(lineRow(row));
  });
  if (gap) body.append(gapRow(gap));
  const added = rows.filter((row) => row[0] === "+").length, removed = rows.filter((row) => row[0] === "-").length;
  const whole = before === undefined ? ", new" : after === undefined ? ", gone" : "";
  const box = make("details", {}, make("summary", {}, `${shown(path)}  +${added} −${removed}${whole}`),
    make("div", { class: "scroll" }, make("table", { class: "diff" }, body)));
  box.open = added + removed <= LONG;
  return [box];
}

const gapRow = (gap) => make("tr", { class: "gap" }, make("td", { colspan: 4 }, `… ${gap} unchanged line${gap > 1 ? "s" : ""}`));
function lineRow([sign, old, now, text]) {
  const kind = { "+": "plus", "-": "minus" }[sign] || null;
  return make("tr", { class: kind }, make("td", { class: "n" }, String(old ?? "")), make("td", { class: "n" }, String(now ?? "")),
    make("td", {}, sign), make("td", {}, shown(text)));
}

function compareControls() {
  const list = make("datalist", { id: "known" }, ...Object.keys(data.variants).slice(0, 2000).map((item) =>
    make("option", { value: item }, describe(placeOf.get(Number(item))))));
  const field = (id, text, value) => make("label", {}, text, make("input", {
    id, type: "text", inputmode: "numeric", list: "known", value, on: { change: compare } }));
  const other = make("button", { type: "button" }, "swap");
  other.addEventListener("click", () => choose(Number(byId("to").value), Number(byId("from").value)));
  byId("compare-controls").replaceChildren(list, field("from", "from # ", points.n[0] ?? 0),
    field("to", "to # ", data.winner ?? points.n[0] ?? 0), other);
  for (const button of document.querySelectorAll("button[data-from]")) {
    button.addEventListener("click", () => choose(Number(button.dataset.from), Number(button.dataset.to)));
  }
  compare();
}
