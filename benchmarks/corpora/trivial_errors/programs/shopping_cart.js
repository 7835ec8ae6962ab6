class Cart {
  constructor(currency = "EUR") {
    this.currency = currency;
    this.lines = [];
  }

  add(name, cents, count = 1) {
    const line = this.lines.find((each) => each.name === name);
    if (line) {
      line.count += count;
    } else {
      this.lines.push({ name, cents, count });
    }
    return this;
  }

  remove(name) {
    const index = this.lines.findIndex((each) => each.name === name);
    if (index === -1) {
      throw new Error("not in the cart: " + name);
    }
    this.lines.splice(index, 1);
  }

  total() {
    return this.lines.reduce((sum, line) => sum + line.cents * line.count, 0);
  }

  toString() {
    return (this.total() / 100).toFixed(2) + " " + this.currency;
  }
}

const cart = new Cart();
cart.add("tea", 450).add("cup", 1200, 2).add("tea", 450, 2);
console.log(cart.lines.length, cart.toString());
cart.remove("cup");
console.log(String(cart));
try {
  cart.remove("spoon");
} catch (error) {
  console.log(error.message);
}
