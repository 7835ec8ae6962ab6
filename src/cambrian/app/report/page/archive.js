// What the archive holds: a heat map of cells, a front of two objectives, or the best of each island over time.

// What the colours of a chart mean: words, colour, how much of it.
function legend(host, entries) {
  host.append(make("p", { class: "legend" }, ...entries.map(([words, fill, share]) => {
    const dot = make("span", { class: "swatch", "aria-hidden": "true" });
    dot.style.background = fill;
    dot.style.opacity = share;
    return make("span", {}, dot, " " + words);
  })));
}

function heatMap(host) {
  const dimensions = data.features[0], rows = data.cells, { bins, bounds } = data.lattice;
  const pick = { x: 0, y: Math.min(1, dimensions.length - 1) };
  const paint = () => {
    const range = (axis) => {
      if (bounds.length) return bounds[axis];
      const all = rows.map((row) => row[1][axis]);
      return [Math.min(...all), Math.max(...all)];
    };
    const xs = range(pick.x), ys = range(pick.y), cells = new Map();
    const bin = (value, [low, high]) => Math.max(0, Math.min(bins - 1, Math.floor(((value - low) / (high - low || 1)) * bins)));
    for (const [item, place] of rows) {
      const key = bin(place[pick.x], xs) + bins * bin(place[pick.y], ys), value = points.v[placeOf.get(item)];
      const old = cells.get(key);
      if (value !== null && (!old || better(value, old.value))) cells.set(key, { value, item });
    }
    const values = [...cells.values()].map((cell) => cell.value), low = Math.min(...values), high = Math.max(...values);
    const chart = frame(host, "Archive by features", `Best score in ${cells.size} of ${bins * bins} cells.`, xs, ys,
      dimensions[pick.x], dimensions[pick.y]);
    const w = (chart.right - chart.left) / bins, h = (chart.bottom - chart.top) / bins;
    const dark = (value) => { const share = (value - low) / (high - low || 1); return 0.15 + 0.85 * (maximize ? share : 1 - share); };
    if (cells.size) legend(host, [low, (low + high) / 2, high].map((value) => [number(value), color(0), dark(value)]));
    for (const [key, cell] of cells) {
      const box = draw("rect", { class: "cell", x: chart.left + (key % bins) * w, width: w, height: h,
        y: chart.bottom - (Math.floor(key / bins) + 1) * h, fill: color(0), "fill-opacity": dark(cell.value) },
      draw("title", {}, describe(placeOf.get(cell.item))));
      box.addEventListener("click", () => compareWithParent(cell.item));
      chart.svg.append(box);
    }
  };
  const field = (axis) => {
    const choice = make("select", {}, ...dimensions.map((name, index) => make("option", { value: index }, shown(name))));
    choice.value = pick[axis];
    choice.addEventListener("change", () => { pick[axis] = Number(choice.value); paint(); });
    return make("label", {}, axis + " ", choice);
  };
  byId("archive-controls").append(field("x"), field("y"));
  paint();
}

function front(host) {
  const rows = Object.entries(data.further).map(([item, values]) => [points.v[placeOf.get(Number(item))], values[0], Number(item)])
    .filter((row) => row[0] !== null && placeOf.has(row[2]));
  if (!rows.length) return;
  const second = data.objectives[1], up = second.direction === "maximize";
  const range = (axis) => { const all = rows.map((row) => row[axis]); return [Math.min(...all), Math.max(...all)]; };
  const sorted = [...rows].sort((a, b) => (maximize ? b[0] - a[0] : a[0] - b[0]) || (up ? b[1] - a[1] : a[1] - b[1]));
  const best = [];
  for (const row of sorted) if (!best.length || (up ? row[1] > best[best.length - 1][1] : row[1] < best[best.length - 1][1])) best.push(row);
  const chart = frame(host, "Two objectives", `${best.length} of ${rows.length} scored variants shown are not dominated.`, range(0), range(1),
    data.objectives[0].name, second.name);
  const at = (row) => `${chart.x(row[0]).toFixed(1)} ${chart.y(row[1]).toFixed(1)}`;
  chart.svg.append(draw("path", { class: "dots", stroke: color(0), d: rows.map((row) => `M${at(row)}h0`).join("") }),
    draw("path", { class: "best", d: "M" + best.map(at).join("L") }));
}

function islands(host) {
  const groups = new Map();
  for (let place = 0; place < count; place++) {
    const value = points.v[place];
    if (value === null) continue;
    const key = points.niche[place], steps = groups.get(key) || [];
    if (!steps.length || better(value, steps[steps.length - 1][1])) steps.push([points.n[place], value]);
    groups.set(key, steps);
  }
  const old = view.all;
  view.all = true;
  const all = [...groups.values()].flat().map((step) => step[1]), low = Math.min(...all), high = Math.max(...all);
  view.all = old;
  const last = data.totals.evaluations, chart = frame(host, "Best of each island", `${groups.size} islands.`, [0, last],
    [low, high], "evaluations", data.objectives[0].name);
  [...groups.keys()].sort((a, b) => a - b).forEach((key, index) => {
    const path = groups.get(key).map(([x, y], i) => (i ? `H${chart.x(x)}V${chart.y(y)}` : `M${chart.x(x)} ${chart.y(y)}`)).join("");
    chart.svg.append(draw("path", { class: "best", stroke: color(index), style: null, d: path + `H${chart.x(last)}` },
      draw("title", {}, `island ${key}`)));
    chart.svg.lastChild.style.stroke = color(index);
  });
  legend(host, [...groups.keys()].sort((a, b) => a - b).map((key, index) => [`island ${key}`, color(index), 1]));
}

// Evaluations per stretch of time, failed ones in their own colour, with begins, resumes and ends.
function timeline() {
  const host = byId("timeline-chart"), reach = data.totals.time || 1, bins = 60;
  const ok = Array(bins).fill(0), failed = Array(bins).fill(0);
  for (let place = 0; place < count; place++) {
    if (points.t[place] === null) continue;
    const bin = Math.min(bins - 1, Math.floor((points.t[place] / reach) * bins));
    if (points.v[place] === null) failed[bin]++; else ok[bin]++;
  }
  const high = Math.max(1, ...ok.map((value, bin) => value + failed[bin]));
  const chart = frame(host, "Evaluations over time", data.told.timeline, [0, reach], [0, high], "engine time",
    `evaluations in ${duration(reach / bins)}`, duration);
  const w = (chart.right - chart.left) / bins;
  for (let bin = 0; bin < bins; bin++) {
    const x = chart.left + bin * w, middle = chart.y(ok[bin]), top = chart.y(ok[bin] + failed[bin]);
    chart.svg.append(draw("rect", { class: "ok", x, width: w * 0.85, y: middle, height: chart.bottom - middle }),
      draw("rect", { class: "failed", x, width: w * 0.85, y: top, height: middle - top }));
  }
  for (const mark of data.marks) {
    const x = Math.min(chart.right, chart.x(mark.elapsed_s));
    chart.svg.append(draw("path", { class: "mark", d: `M${x} ${chart.top}V${chart.bottom}` }, draw("title", {}, mark.kind)));
  }
}
