class Tree {
  constructor() { this.root = null; this.size = 0; }
  insert(value) {
    const node = { value, left: null, right: null };
    this.size++;
    if (!this.root) { this.root = node; return this; }
    let at = this.root;
    for (;;) {
      const side = value < at.value ? 'left' : 'right';
      if (!at[side]) { at[side] = node; return this; }
      at = at[side];
    }
  }
  *[Symbol.iterator](node = this.root) {
    if (!node) return;
    yield* this[Symbol.iterator](node.left);
    yield node.value;
    yield* this[Symbol.iterator](node.right);
  }
  height(node = this.root) {
    return node ? 1 + Math.max(this.height(node.left), this.height(node.right)) : 0;
  }
}
const tree = new Tree();
for (const v of [50, 30, 70, 20, 40, 60, 80, 10]) tree.insert(v);
({ sorted: [...tree], height: tree.height(), size: tree.size })
