class HttpError extends Error {
  constructor(status) {
    super(`HTTP ${status}`);
    this.name = 'HttpError';
    this.status = status;
  }
}

let attempts = 0;
async function flaky() {
  attempts++;
  if (attempts < 4) throw new HttpError(503);
  return 'ok after ' + attempts;
}

async function retry(fn, { times = 5, base = 2 } = {}) {
  const errors = [];
  for (let i = 0; i < times; i++) {
    try {
      return { value: await fn(), errors };
    } catch (e) {
      if (!(e instanceof HttpError) || e.status < 500) throw e;
      errors.push(e.message);
      await new Promise(r => setTimeout(r, base ** i));
    }
  }
  throw new Error('gave up');
}

await retry(flaky)
