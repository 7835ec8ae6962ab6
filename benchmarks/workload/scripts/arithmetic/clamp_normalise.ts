function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}

function normalise(values: readonly number[]): number[] {
  const min = Math.min(...values);
  const max = Math.max(...values);
  return values.map((v) => (v - min) / (max - min));
}

const raw: number[] = [5, 10, 7.5, -3, 42];
const clamped = raw.map((v) => clamp(v, 0, 20));
({ clamped, normalised: normalise(clamped).map((n) => Math.round(n * 1000) / 1000) });
