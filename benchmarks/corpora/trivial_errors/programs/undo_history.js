class History {
  constructor(initial) {
    this.past = [];
    this.present = initial;
    this.future = [];
  }

  apply(change) {
    this.past.push(this.present);
    this.present = change(this.present);
    this.future = [];
    return this;
  }

  undo() {
    if (this.past.length === 0) return false;
    this.future.unshift(this.present);
    this.present = this.past.pop();
    return true;
  }

  redo() {
    if (this.future.length === 0) return false;
    this.past.push(this.present);
    this.present = this.future.shift();
    return true;
  }
}

const append = (piece) => (text) => text + piece;
const history = new History("");
history.apply(append("one ")).apply(append("two ")).apply((text) => text.toUpperCase());
console.log(history.present, history.past.length);
history.undo();
history.undo();
console.log(JSON.stringify(history.present), history.future.length);
console.log(history.redo(), history.present.trim());
history.apply(append("!"));
console.log(history.redo(), history.present);
