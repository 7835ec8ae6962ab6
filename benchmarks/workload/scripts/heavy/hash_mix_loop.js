let h = 2166136261;
for (let i = 0; i < 1500000; i++) {
  h ^= i & 255;
  h = Math.imul(h, 16777619) >>> 0;
}
h.toString(16)
