let best = 0, bestStart = 0;
for (let s = 1; s < 60000; s++) {
  let n = s, len = 1;
  while (n !== 1) {
    n = n % 2 === 0 ? n / 2 : 3 * n + 1;
    len++;
  }
  if (len > best) { best = len; bestStart = s; }
}
({ bestStart, best })
