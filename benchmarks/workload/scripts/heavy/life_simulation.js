const W = 64, H = 64;
let grid = new Uint8Array(W * H);
for (let i = 0; i < grid.length; i++) grid[i] = (i * i + 7 * i) % 11 < 4 ? 1 : 0;

function step(g) {
  const out = new Uint8Array(W * H);
  for (let y = 0; y < H; y++) {
    for (let x = 0; x < W; x++) {
      let n = 0;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++)
          if (dx || dy) n += g[((y + dy + H) % H) * W + ((x + dx + W) % W)];
      out[y * W + x] = n === 3 || (n === 2 && g[y * W + x]) ? 1 : 0;
    }
  }
  return out;
}

for (let i = 0; i < 30; i++) grid = step(grid);
grid.reduce((a, b) => a + b, 0);
