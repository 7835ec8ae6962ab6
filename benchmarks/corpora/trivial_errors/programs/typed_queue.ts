class PriorityQueue<T> {
  private heap: { priority: number; value: T }[] = [];

  get size(): number {
    return this.heap.length;
  }

  push(value: T, priority: number): void {
    this.heap.push({ priority, value });
    let i = this.heap.length - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.heap[parent].priority <= this.heap[i].priority) break;
      [this.heap[parent], this.heap[i]] = [this.heap[i], this.heap[parent]];
      i = parent;
    }
  }

  pop(): T | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.heap.length > 0) {
      this.heap[0] = last;
      this.sink(0);
    }
    return first.value;
  }

  private sink(i: number): void {
    for (;;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < this.heap.length && this.heap[child].priority < this.heap[least].priority) least = child;
      }
      if (least === i) return;
      [this.heap[least], this.heap[i]] = [this.heap[i], this.heap[least]];
      i = least;
    }
  }
}

const queue = new PriorityQueue<string>();
["sweep:5", "pay:1", "call:3", "rest:9", "eat:2"].forEach((entry) => {
  const [name, priority] = entry.split(":");
  queue.push(name, Number(priority));
});
const order: string[] = [];
while (queue.size > 0) order.push(queue.pop()!);
console.log(order.join(" "), queue.pop());
