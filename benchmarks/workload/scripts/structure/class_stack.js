class Stack {
  #items = [];
  push(x) { this.#items.push(x); return this; }
  pop() { return this.#items.pop(); }
  get size() { return this.#items.length; }
  static from(iterable) {
    const s = new Stack();
    for (const x of iterable) s.push(x);
    return s;
  }
}

const s = Stack.from('abc');
s.push('d');
[s.pop(), s.pop(), s.size]
