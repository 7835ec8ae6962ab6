let state: number = 12345;
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 4294967296;
};

let clock = 0;
let freeAt = 0;
let waited = 0;
const customers = 100_000;
for (let i = 0; i < customers; i++) {
  clock += random() * 2;
  const start = Math.max(clock, freeAt);
  waited += start - clock;
  freeAt = start + random() * 1.8;
}
Number((waited / customers).toFixed(3))
