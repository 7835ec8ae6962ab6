// The loop of an engine that is a process of its own: Deno, Bun or Node. Speaks with the driver over its standard streams.
//
// Down come messages with their length before them, up goes text behind a mark that only driver and loop know. A script
// can reach the streams, though not the mark; what it could do with it is to answer in place of its own run.
//
// A turn is over when the engine's own event loop has nothing left to do: then it says so, and the loop is asked.

const isDeno = typeof Deno === "object";
const input = isDeno ? Deno.stdin : null;
const output = isDeno ? Deno.stdout : null;
const files = isDeno ? null : process.getBuiltinModule?.("node:fs") ?? (await import("node:fs"));
const readFile = files?.readSync;
const writeFile = files?.writeSync;
const readInput = isDeno ? input.readSync.bind(input) : null;
const writeOutput = isDeno ? output.writeSync.bind(output) : null;
const Bytes = Uint8Array;
const decode = new TextDecoder().decode.bind(new TextDecoder());
const encode = new TextEncoder().encode.bind(new TextEncoder());
const part = Bytes.prototype.subarray;
const apply = Reflect.apply;
const soon = setImmediate;
const parse = JSON.parse;
const nothing = () => {};
const wait = Atomics.wait;
const still = new Int32Array(new SharedArrayBuffer(4));

function read(size) {
  const bytes = new Bytes(size);
  let have = 0;
  while (have < size) {
    const rest = apply(part, bytes, [have]);
    const got = isDeno ? readInput(rest) : readFile(0, rest, 0, size - have, null);
    if (!got) end();
    have += got;
  }
  return bytes;
}

function end() {
  if (isDeno) Deno.exit(0);
  process.reallyExit(0);
}

function receive() {
  const size = read(4);
  return parse(decode(read(size[0] + size[1] * 2 ** 8 + size[2] * 2 ** 16 + size[3] * 2 ** 24)));
}

function send(text) {
  let rest = encode(`\n${mark}${text}\n`);
  while (rest.length) rest = apply(part, rest, [isDeno ? writeOutput(rest) : written(rest)]);
}

// Some engines make the pipe one that does not wait.
function written(bytes) {
  try {
    return writeFile(1, bytes, 0, bytes.length);
  } catch (error) {
    if (error.code !== "EAGAIN") throw error;
    wait(still, 0, 0, 1);
    return 0;
  }
}

// Nothing is left to do: the next turn. What comes after it keeps the event loop going, or it would end the process.
function quiet() {
  const text = bridge.turn();
  if (text) {
    send(text);
    bridge.resume(receive());
  }
  soon(nothing);
}

function listen() {
  if (isDeno) {
    addEventListener("beforeunload", (event) => {
      event.preventDefault();
      quiet();
    });
    addEventListener("unhandledrejection", (event) => event.preventDefault());
    addEventListener("error", (event) => {
      event.preventDefault();
      bridge.fail(event.error);
    });
    return;
  }
  process.on("beforeExit", quiet);
  process.on("unhandledRejection", nothing);
  process.on("uncaughtException", bridge.fail);
  for (const [name, stream] of [["stdout", "out"], ["stderr", "err"]]) {
    const write = (text) => {
      bridge.core.part("console").write(stream, `${text}`);
      return true;
    };
    Object.defineProperty(process, name, { value: { write, isTTY: false }, configurable: true });
  }
}

// Types are blanked where that is enough, so that every line stays where it is; what is not only types (enumerations and
// the like) is turned into JavaScript. Inside a function, as a script may return.
function withoutTypes(code, strip) {
  const open = "async () => {";
  const close = "\n}";
  try {
    return strip(open + code + close).slice(open.length, -close.length);
  } catch (error) {
    if (error.code !== "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") throw new SyntaxError(error.message);
    return strip(code, { mode: "transform" });
  }
}

const { mark, parts } = receive();
for (const name of Object.keys(parts)) bridge.texts[name] = parts[name];
listen();
send("");
const request = receive();
bridge.begin(request);
for (const name of ["Date", "performance", "console", "setTimeout"]) globalThis[name]; // replaced before the script
Math.random();
try {
  let { code } = request;
  if (request.language === "typescript") {
    code = withoutTypes(code, (await import("node:module")).stripTypeScriptTypes); // which in Deno takes a /proc
  }
  bridge.start(code);
} catch (error) {
  bridge.fail(error);
}
