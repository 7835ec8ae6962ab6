// Fitness over evaluations, CPU or time: all points by proposer, best so far, intervals, the winner's descent.
const AXES = {
  evaluations: { label: "evaluations", of: (place) => points.n[place], show: number },
  cpu: { label: "CPU time of the run", of: (place) => points.cpu[place], show: duration },
  time: { label: "time", of: (place) => points.t[place], show: duration },
};
const view = { axis: "evaluations", all: false, descent: true, hidden: new Set(), at: null };
const finite = (value) => value !== null && Number.isFinite(value);

// The values that the y axis spans: everything, or what is not far worse than where the search began.
function span() {
  const values = points.v.filter(finite).sort((a, b) => a - b);
  if (!values.length) return [0, 1];
  let low = values[0], high = values[values.length - 1];
  if (!view.all) {
    const bests = points.v.filter((value, place) => points.best[place] && finite(value));
    const cut = values[Math.floor(values.length * (maximize ? 0.1 : 0.9))];
    if (maximize) low = Math.min(cut, ...bests); else high = Math.max(cut, ...bests);
  }
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  return [low - room, high + room];
}

function steps(chart, axis, ys, limit) {
  let path = "", last = null;
  const order = [...points.best.keys()].filter((place) => points.best[place] && finite(axis.of(place)))
    .sort((a, b) => axis.of(a) - axis.of(b));
  for (const place of order) {
    const value = points.v[place];
    if (last !== null && !better(value, last)) continue;
    const x = chart.x(axis.of(place)).toFixed(1), y = chart.y(value).toFixed(1);
    path += last === null ? `M${x} ${y}` : `H${x}V${y}`;
    last = value;
  }
  return last === null ? "" : path + `H${chart.x(limit).toFixed(1)}`;
}

function fitness() {
  const axis = AXES[view.axis], host = byId("fitness-chart"), ys = span();
  const reach = data.totals[view.axis] || Math.max(1e-9, ...[...points.n.keys()].map(axis.of).filter(finite));
  const first = data.objectives[0];
  const chart = frame(host, "Fitness over " + axis.label, data.told.fitness, [0, reach], ys, axis.label,
    first.name + " (" + first.direction + ")", axis.show);
  const dots = data.proposers.map(() => ""), edge = maximize ? chart.bottom : chart.top;
  let rug = "", bars = "";
  chart.places = [];
  for (let place = 0; place < count; place++) {
    const at = axis.of(place), value = points.v[place];
    if (!finite(at) || view.hidden.has(points.p[place])) continue;
    const x = chart.x(at).toFixed(1);
    if (!finite(value)) { rug += `M${x} ${chart.bottom}v6`; continue; }
    const inside = value >= ys[0] && value <= ys[1];
    const y = inside ? chart.y(value).toFixed(1) : edge;
    dots[points.p[place]] += `M${x} ${y}h0`;
    chart.places.push(place);
    const range = data.intervals[points.n[place]];
    if (range) bars += `M${x} ${chart.y(range[0]).toFixed(1)}V${chart.y(range[1]).toFixed(1)}`;
  }
  chart.svg.append(draw("path", { class: "rug", d: rug }), draw("path", { class: "interval", d: bars }));
  dots.forEach((path, index) => path && chart.svg.append(draw("path", { class: "dots", d: path, stroke: color(index) })));
  chart.svg.append(draw("path", { class: "best", d: steps(chart, axis, ys, reach) }));
  if (view.descent) chart.svg.append(descent(chart, axis));
  chart.cursor = draw("circle", { class: "cursor", r: 7, cx: -20, cy: -20 });
  chart.svg.append(chart.cursor);
  interact(chart, axis);
}

function descent(chart, axis) {
  let path = "";
  for (const step of data.line) {
    const place = placeOf.get(step);
    if (place === undefined || !finite(points.v[place]) || !finite(axis.of(place))) continue;
    const y = Math.min(chart.bottom, Math.max(chart.top, chart.y(points.v[place])));
    path += (path ? "L" : "M") + chart.x(axis.of(place)).toFixed(1) + " " + y.toFixed(1);
  }
  return draw("path", { class: "descent", d: path });
}

// Pointer, arrow keys and Enter: the nearest point is told below the chart, a click takes it into the comparison.
function interact(chart, axis) {
  const svg = chart.svg, stops = chart.places.filter((place) => points.best[place]);
  const heightOf = (place) => Math.min(chart.bottom, Math.max(chart.top, chart.y(points.v[place])));
  const point = (place) => {
    view.at = place;
    chart.cursor.setAttribute("cx", chart.x(axis.of(place)));
    chart.cursor.setAttribute("cy", heightOf(place));
    byId("fitness-readout").textContent = describe(place);
  };
  const nearest = (event) => {
    const box = svg.getBoundingClientRect(), ratio = chart.width / box.width;
    const x = (event.clientX - box.left) * ratio, y = (event.clientY - box.top) * ratio;
    let found = null, least = Infinity;
    for (const place of chart.places) {
      const far = (chart.x(axis.of(place)) - x) ** 2 + (heightOf(place) - y) ** 2;
      if (far < least) { least = far; found = place; }
    }
    return found;
  };
  svg.setAttribute("tabindex", "0");
  svg.addEventListener("pointermove", (event) => { const at = nearest(event); if (at !== null) point(at); });
  svg.addEventListener("click", (event) => { const at = nearest(event); if (at !== null) compareWithParent(points.n[at]); });
  svg.addEventListener("keydown", (event) => {
    const now = stops.indexOf(view.at), move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move && stops.length) {
      point(stops[Math.min(stops.length - 1, Math.max(0, now < 0 && move > 0 ? 0 : now + move))]);
      event.preventDefault();
    } else if (event.key === "Enter" && view.at !== null) compareWithParent(points.n[view.at]);
  });
}

function toggle(label, on, act, swatch) {
  const button = make("button", { type: "button", "aria-pressed": String(on) });
  if (swatch !== undefined) {
    const dot = make("span", { class: "swatch", "aria-hidden": "true" });
    dot.style.background = color(swatch);
    button.append(dot, " ");
  }
  button.append(shown(label));
  button.addEventListener("click", () => {
    const now = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(now));
    act(now);
    fitness();
  });
  return button;
}

function fitnessControls() {
  const choice = make("select", { id: "axis" }, ...Object.keys(AXES).map((key) => make("option", { value: key }, AXES[key].label)));
  choice.addEventListener("change", () => { view.axis = choice.value; fitness(); });
  const used = new Set(points.p);
  byId("fitness-controls").replaceChildren(
    make("label", {}, "over ", choice),
    toggle("all values", view.all, (on) => { view.all = on; }),
    toggle("winner's descent", view.descent, (on) => { view.descent = on; }),
    ...data.proposers.map((name, index) => (used.has(index)
      ? toggle(name, true, (on) => { if (on) view.hidden.delete(index); else view.hidden.add(index); }, index) : null)).filter(Boolean));
}
