import assert from "node:assert";

type Result<T> = { ok: true; value: T } | { ok: false; error: string };

const success = <T>(value: T): Result<T> => ({ ok: true, value });
const failure = (error: string): Result<never> => ({ ok: false, error });

function parseNumber(text: string): Result<number> {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? failure(`not a number: ${text}`) : success(value);
}

function divide(a: number, b: number): Result<number> {
  return b === 0 ? failure("division by zero") : success(a / b);
}

function evaluate(source: string): Result<number> {
  const [left, right] = source.split("/");
  const a = parseNumber(left);
  if (!a.ok) return a;
  const b = parseNumber(right);
  if (!b.ok) return b;
  return divide(a.value, b.value);
}

for (const source of ["10/4", "1/0", "x/2", "3/ "]) {
  const result = evaluate(source);
  console.log(source.padEnd(5), result.ok ? result.value : result.error);
}
assert.deepStrictEqual(evaluate("8/2"), success(4));
assert.equal(evaluate("8/0").ok, false);
