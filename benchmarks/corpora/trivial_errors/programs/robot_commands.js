const HEADINGS = ["north", "east", "south", "west"];
const MOVES = { north: [0, 1], east: [1, 0], south: [0, -1], west: [-1, 0] };

class Robot {
  constructor(x = 0, y = 0, heading = "north") {
    this.x = x;
    this.y = y;
    this.heading = heading;
  }

  turn(direction) {
    const change = direction === "R" ? 1 : HEADINGS.length - 1;
    const index = HEADINGS.indexOf(this.heading);
    this.heading = HEADINGS[(index + change) % HEADINGS.length];
  }

  advance(steps = 1) {
    const [dx, dy] = MOVES[this.heading];
    this.x += dx * steps;
    this.y += dy * steps;
  }

  run(program) {
    for (const [, letter, digits] of program.matchAll(/([LRA])(\d*)/g)) {
      if (letter === "A") this.advance(digits ? Number(digits) : 1);
      else this.turn(letter);
    }
    return `${this.x},${this.y} ${this.heading}`;
  }
}

console.log(new Robot().run("A3RA2LA"));
console.log(new Robot(7, 3, "west").run("RRALAR"));
console.log(new Robot(1).run(""));
