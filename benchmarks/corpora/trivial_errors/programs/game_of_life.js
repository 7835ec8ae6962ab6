const key = (x, y) => `${x},${y}`;

function step(alive) {
  const counts = new Map();
  for (const cell of alive) {
    const [x, y] = cell.split(",").map(Number);
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        if (dx === 0 && dy === 0) continue;
        const other = key(x + dx, y + dy);
        counts.set(other, (counts.get(other) ?? 0) + 1);
      }
    }
  }
  return new Set([...counts.keys()].filter((cell) => counts.get(cell) === 3 || (counts.get(cell) === 2 && alive.has(cell))));
}

function draw(alive, size) {
  const rows = [];
  for (let y = 0; y < size; y++) {
    let row = "";
    for (let x = 0; x < size; x++) {
      row += alive.has(key(x, y)) ? "#" : ".";
    }
    rows.push(row);
  }
  return rows.join("\n");
}

const blinker = new Set(["1,0", "1,1", "1,2"]);
console.log(draw(blinker, 3));
console.log(draw(step(blinker), 3));
console.log(step(step(blinker)).size, step(new Set()).size);
