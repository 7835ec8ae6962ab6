function queens(n) {
  const all = (1 << n) - 1;
  let count = 0;
  (function place(cols, d1, d2) {
    if (cols === all) { count++; return; }
    let free = all & ~(cols | d1 | d2);
    while (free) {
      const bit = free & -free;
      free ^= bit;
      place(cols | bit, (d1 | bit) << 1, (d2 | bit) >> 1);
    }
  })(0, 0, 0);
  return count;
}
queens(8);
