function parseLine(line) {
  const cells = [];
  let cell = "";
  let quoted = false;
  for (const sign of line) {
    if (sign === '"') {
      quoted = !quoted;
    } else if (sign === "," && !quoted) {
      cells.push(cell);
      cell = "";
    } else {
      cell += sign;
    }
  }
  cells.push(cell);
  return cells;
}

function parse(text) {
  const [header, ...lines] = text.trim().split("\n");
  const names = parseLine(header);
  return lines.map((line) => {
    const cells = parseLine(line);
    return Object.fromEntries(names.map((name, i) => [name, cells[i]]));
  });
}

function sumBy(rows, key, amount) {
  const sums = new Map();
  for (const row of rows) {
    sums.set(row[key], (sums.get(row[key]) || 0) + Number(row[amount]));
  }
  return sums;
}

const rows = parse('city,shop,sales\nBern,"Tea, etc.",12\nUlm,Books,5\nBern,Shoes,8.5\n');
console.log(rows.length, rows[0].shop);
for (const [city, sales] of sumBy(rows, "city", "sales")) {
  console.log(city.padEnd(6) + sales.toFixed(1).padStart(6));
}
