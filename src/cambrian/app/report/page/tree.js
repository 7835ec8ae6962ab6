// The family tree: ancestors of improvements, or everybody; children are made when they are asked for, fifty at a time.
const PAGE = 50, CHAIN = 200;
let children = null;

function family(everybody) {
  const kept = new Set(data.improving), tree = new Map();
  for (let place = 0; place < count; place++) {
    const number = points.n[place], parent = points.parent[place];
    if (!everybody && !kept.has(number)) continue;
    const key = parent !== null && placeOf.has(parent) && (everybody || kept.has(parent)) ? parent : -1;
    if (!tree.has(key)) tree.set(key, []);
    tree.get(key).push(number);
  }
  return tree;
}

function label(number) {
  const place = placeOf.get(number), node = make("button", { type: "button", class: "node" }, describe(place));
  if (data.line.includes(number)) node.classList.add("won");
  node.addEventListener("click", () => compareWithParent(number));
  const more = data.others[number];
  return more ? [node, make("span", { class: "dim" }, " also from " + more.map((item) => "#" + item).join(", "))] : [node];
}

// One family line: an only child stands below its parent without being moved in.
function grow(list, number) {
  for (let length = 0; ; length++) {
    const own = children.get(number) || [], item = make("li", {}, ...label(number));
    list.append(item);
    if (own.length > 1) { fold(item, own); return; }
    if (!own.length) return;
    number = own[0];
    if (length >= CHAIN) { fold(item, [number]); return; }
  }
}

function fold(item, own) {
  const branch = make("ul", { role: "group" });
  branch.hidden = true;
  let done = 0;
  const more = make("button", { type: "button" });
  const page = () => {
    more.remove();
    for (const child of own.slice(done, done + PAGE)) grow(branch, child);
    done = Math.min(own.length, done + PAGE);
    more.textContent = `${own.length - done} more…`;
    if (done < own.length) branch.append(more);
  };
  more.addEventListener("click", page);
  const button = make("button", { type: "button", class: "fold", "aria-expanded": "false", "aria-label": `${own.length} children` }, "+" + own.length);
  button.addEventListener("click", () => {
    if (!done) page();
    branch.hidden = !branch.hidden;
    button.setAttribute("aria-expanded", String(!branch.hidden));
  });
  item.prepend(button);
  item.append(branch);
}

function tree(everybody) {
  children = family(everybody);
  const list = byId("tree");
  list.replaceChildren();
  for (const root of (children.get(-1) || []).slice(0, 500)) grow(list, root);
  const first = list.querySelector(".fold");
  if (first) first.click();
}

function treeControls() {
  const choice = make("select", { id: "tree-kind" }, make("option", { value: "" }, "improving ancestors only"),
    make("option", { value: "all" }, `all ${count} shown`));
  choice.addEventListener("change", () => tree(choice.value === "all"));
  byId("tree-controls").replaceChildren(make("label", {}, "show ", choice));
}
