class PriorityQueue {
  constructor(compare) { this.heap = []; this.compare = compare; }
  push(x) {
    this.heap.push(x);
    let i = this.heap.length - 1;
    while (i > 0) {
      const p = (i - 1) >> 1;
      if (this.compare(this.heap[i], this.heap[p]) >= 0) break;
      [this.heap[i], this.heap[p]] = [this.heap[p], this.heap[i]];
      i = p;
    }
  }
  pop() {
    const top = this.heap[0];
    const last = this.heap.pop();
    if (this.heap.length) {
      this.heap[0] = last;
      for (let i = 0; ;) {
        let c = 2 * i + 1;
        if (c >= this.heap.length) break;
        if (c + 1 < this.heap.length && this.compare(this.heap[c + 1], this.heap[c]) < 0) c++;
        if (this.compare(this.heap[i], this.heap[c]) <= 0) break;
        [this.heap[i], this.heap[c]] = [this.heap[c], this.heap[i]];
        i = c;
      }
    }
    return top;
  }
  get length() { return this.heap.length; }
}

const q = new PriorityQueue((a, b) => a.p - b.p);
[['write', 3], ['plan', 1], ['ship', 9], ['test', 5], ['review', 4]].forEach(([t, p]) => q.push({ t, p }));
const order = [];
while (q.length) order.push(q.pop().t);
order;
