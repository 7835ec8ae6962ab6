let triples = 0;
let largest = null;
for (let a = 1; a < 250; a++) {
  for (let b = a; b < 250; b++) {
    const c = Math.sqrt(a * a + b * b);
    if (Number.isInteger(c) && c < 250) {
      triples++;
      if (!largest || c > largest[2]) largest = [a, b, c];
    }
  }
}
({ triples, largest })
