type Env = Record<string, string | number | boolean>;

function parseEnv(source: string): Env {
  const env: Env = {};
  for (const line of source.split('\n')) {
    const trimmed = line.trim();
    if (!trimmed || trimmed.startsWith('#')) continue;
    const index = trimmed.indexOf('=');
    const key = trimmed.slice(0, index);
    const value = trimmed.slice(index + 1).replace(/^"(.*)"$/, '$1');
    env[key] = value === 'true' || value === 'false' ? value === 'true' : /^\d+$/.test(value) ? Number(value) : value;
  }
  return env;
}

const source = `
# server
PORT=8080
DEBUG=true
NAME="My App"
URL=http://localhost:8080/?a=b
`;
parseEnv(source)
