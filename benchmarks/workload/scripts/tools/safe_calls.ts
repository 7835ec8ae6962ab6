type Outcome<T> = { ok: true; value: T } | { ok: false };

async function attempt<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await call() };
  } catch {
    return { ok: false };
  }
}

const outcomes = [
  await attempt(() => price('D-500')),
  await attempt(() => price('missing')),
  await attempt(() => send('not an address', 'hi')),
  await attempt(() => convert(10, 'JPY')),
];
outcomes
