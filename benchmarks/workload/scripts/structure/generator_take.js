function* naturals(start = 1) {
  let n = start;
  while (true) yield n++;
}

function* take(n, it) {
  for (const x of it) {
    if (n-- <= 0) return;
    yield x;
  }
}

function* map(it, fn) {
  for (const x of it) yield fn(x);
}

[...take(8, map(naturals(3), x => x * x))]
