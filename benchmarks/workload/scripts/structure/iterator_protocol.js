class Range {
  constructor(from, to, step = 1) { Object.assign(this, { from, to, step }); }
  *[Symbol.iterator]() {
    for (let i = this.from; i < this.to; i += this.step) yield i;
  }
}
const [first, second, ...others] = new Range(0, 20, 4);
({ first, second, others, max: Math.max(...new Range(1, 9)) })
