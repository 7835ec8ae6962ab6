const pipe = (...fns) => x => fns.reduce((v, f) => f(v), x);
const curry = f => function curried(...args) {
  return args.length >= f.length ? f(...args) : (...more) => curried(...args, ...more);
};
const add = curry((a, b, c) => a + b + c);
pipe(add(1)(2), x => x * 2, String, s => s.padStart(5, '0'))(10)
