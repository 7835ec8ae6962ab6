interface Item {
  sku: string;
  name: string;
  cents: number;
  count: number;
}

class Inventory {
  private items: Map<string, Item> = new Map();

  add(sku: string, name: string, cents: number, count: number = 1): Item {
    const known = this.items.get(sku);
    if (known) {
      known.count += count;
      return known;
    }
    const item: Item = { sku, name, cents, count };
    this.items.set(sku, item);
    return item;
  }

  take(sku: string, count: number): boolean {
    const item = this.items.get(sku);
    if (!item || item.count < count) return false;
    item.count -= count;
    return true;
  }

  value(): number {
    let total = 0;
    for (const item of this.items.values()) {
      total += item.cents * item.count;
    }
    return total / 100;
  }
}

const inventory = new Inventory();
inventory.add("n1", "nails", 5, 100);
inventory.add("h1", "hammer", 1250);
inventory.add("n1", "nails", 5, 50);
console.log(inventory.take("n1", 30), inventory.take("h1", 2), inventory.take("zz", 1));
console.log(inventory.value().toFixed(2));
