function counter() {
  let n = 0;
  return { inc: () => ++n, dec: () => --n, value: () => n };
}
const a = counter(), b = counter();
a.inc(); a.inc(); b.dec();
[a.value(), b.value()]
