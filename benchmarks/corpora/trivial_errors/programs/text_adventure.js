const ROOMS = {
  hall: { text: "A cold hall.", exits: { north: "kitchen", east: "study" } },
  kitchen: { text: "Pots and pans.", exits: { south: "hall" }, item: "knife" },
  study: { text: "Dust everywhere.", exits: { west: "hall" }, item: "book" },
};

class Game {
  constructor(start) {
    this.room = start;
    this.bag = [];
    this.left = new Set(Object.keys(ROOMS).filter((name) => ROOMS[name].item));
  }

  command(line) {
    const [verb, noun] = line.split(" ");
    switch (verb) {
      case "go":
        return this.go(noun);
      case "take":
        return this.take(noun);
      case "bag":
        return this.bag.join(", ") || "empty";
      default:
        return `cannot ${verb}`;
    }
  }

  go(direction) {
    const next = ROOMS[this.room].exits[direction];
    if (!next) return "no way";
    this.room = next;
    return ROOMS[next].text;
  }

  take(item) {
    if (ROOMS[this.room].item !== item || !this.left.has(this.room)) return "no " + item;
    this.left.delete(this.room);
    this.bag.push(item);
    return "taken";
  }
}

const game = new Game("hall");
for (const line of ["bag", "go north", "take knife", "take knife", "go up", "go south", "go east", "take book", "bag", "sing"]) {
  console.log("> " + line + "\n" + game.command(line));
}
