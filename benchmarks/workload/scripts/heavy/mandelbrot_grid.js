let total = 0;
for (let py = 0; py < 120; py++) {
  for (let px = 0; px < 160; px++) {
    const cx = -2.2 + px * 0.02, cy = -1.2 + py * 0.02;
    let x = 0, y = 0, i = 0;
    while (i < 150 && x * x + y * y <= 4) {
      const t = x * x - y * y + cx;
      y = 2 * x * y + cy;
      x = t;
      i++;
    }
    total += i;
  }
}
total
