class Stack {
  constructor() {
    this.top = null;
    this.size = 0;
  }

  push(value) {
    this.top = { value, below: this.top };
    this.size += 1;
    return this;
  }

  pop() {
    if (this.top === null) {
      throw new RangeError("empty stack");
    }
    const { value, below } = this.top;
    this.top = below;
    this.size -= 1;
    return value;
  }

  *[Symbol.iterator]() {
    for (let node = this.top; node !== null; node = node.below) {
      yield node.value;
    }
  }
}

function balanced(text) {
  const pairs = { ")": "(", "]": "[", "}": "{" };
  const stack = new Stack();
  for (const sign of text) {
    if ("([{".includes(sign)) {
      stack.push(sign);
    } else if (sign in pairs) {
      if (stack.size === 0 || stack.pop() !== pairs[sign]) return false;
    }
  }
  return stack.size === 0;
}

console.log([...new Stack().push(1).push(2).push(3)].join(" "));
console.log(["(a[b]{c})", "(]", "((", ""].map(balanced).join(" "));
