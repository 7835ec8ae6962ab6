function tokenize(src) {
  const spec = [
    ['num', /^\d+(\.\d+)?/],
    ['id', /^[a-zA-Z_]\w*/],
    ['op', /^[-+*\/=()<>]/],
    ['ws', /^\s+/],
  ];
  const tokens = [];
  let rest = src;
  outer: while (rest) {
    for (const [type, re] of spec) {
      const m = re.exec(rest);
      if (m) {
        if (type !== 'ws') tokens.push(`${type}:${m[0]}`);
        rest = rest.slice(m[0].length);
        continue outer;
      }
    }
    throw new Error(`unexpected character ${rest[0]}`);
  }
  return tokens;
}

let error = null;
try {
  tokenize('a = 1 $ 2');
} catch (e) {
  error = e.message;
}
({ tokens: tokenize('rate = (price * 1.25) - x_1'), error });
