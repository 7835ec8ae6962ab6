// What every part of the page uses: the data, elements made from text, numbers, scales. Nothing here reads HTML from data.
const data = JSON.parse(document.getElementById("data").textContent);
const points = data.points;
const count = points.n.length;
const placeOf = new Map(points.n.map((number, place) => [number, place]));
const maximize = data.objectives[0].direction === "maximize";
const byId = (id) => document.getElementById(id);

// Characters that would reorder or hide text (Unicode TR 9; "Trojan source"), made visible.
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const shown = (text) =>
  String(text).replace(UNSAFE, (mark) => "\\u" + mark.codePointAt(0).toString(16).padStart(4, "0"));

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  for (const child of children) if (child !== null) node.append(child);
  return node;
}
const make = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const number = (value) => {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e12) ? value.toExponential(6) : String(Number(value.toPrecision(10)));
};
const duration = (seconds) => {
  if (seconds < 1) return Math.round(seconds * 1000) + " ms";
  if (seconds < 60) return Number(seconds.toPrecision(3)) + " s";
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? minutes + " min " + Math.round(seconds % 60) + " s"
    : Math.floor(minutes / 60) + " h " + (minutes % 60) + " min";
};
const better = (a, b) => (maximize ? a > b : a < b);
const color = (index) => "var(--c" + (index % 8) + ")";

function describe(place) {
  const parts = ["#" + points.n[place], data.proposers[points.p[place]], data.statuses[points.s[place]]];
  if (points.v[place] !== null) parts.push(data.objectives[0].name + " " + number(points.v[place]));
  if (points.best[place]) parts.push("new best");
  const why = data.why[points.n[place]];
  return shown(parts.join(" · ") + (why ? " – " + why : ""));
}

// Round numbers that divide a range into at most `most` steps.
function ticks(low, high, most) {
  if (!(high > low)) return [low];
  const raw = (high - low) / most, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw);
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step) found.push(Number(at.toPrecision(12)));
  return found;
}
const scale = (low, high, from, to) => {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
};

// An empty chart with axes. Small on a phone, so that its letters stay readable.
function frame(host, title, told, xs, ys, xLabel, yLabel, showX = number, showY = number) {
  const wide = window.innerWidth > 700, width = wide ? 1100 : 420, height = wide ? 360 : 300;
  const left = 76, right = 14, top = 26, bottom = 40;
  const name = host.id + "-title", more = host.id + "-told";
  const x = scale(xs[0], xs[1], left, width - right), y = scale(ys[0], ys[1], height - bottom, top);
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": name + " " + more },
    draw("title", { id: name }, title), draw("desc", { id: more }, told));
  for (const at of ticks(xs[0], xs[1], wide ? 9 : 4)) {
    svg.append(draw("path", { class: "axis", d: `M${x(at)} ${top}V${height - bottom}` }),
      draw("text", { x: x(at), y: height - bottom + 16, "text-anchor": "middle" }, showX(at)));
  }
  for (const at of ticks(ys[0], ys[1], 6)) {
    svg.append(draw("path", { class: "axis", d: `M${left} ${y(at)}H${width - right}` }),
      draw("text", { x: left - 6, y: y(at) + 4, "text-anchor": "end" }, showY(at)));
  }
  svg.append(draw("text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle" }, xLabel),
    draw("text", { x: 6, y: 16 }, shown(yLabel)));
  host.replaceChildren(svg);
  return { svg, x, y, left, right: width - right, top, bottom: height - bottom, width, height };
}
