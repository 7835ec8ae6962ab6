interface Version { major: number; minor: number; patch: number; pre: string }

const parse = (v: string): Version => {
  const m = /^v?(\d+)\.(\d+)\.(\d+)(?:-(.+))?$/.exec(v);
  if (!m) throw new TypeError(`bad version ${v}`);
  return { major: +m[1]!, minor: +m[2]!, patch: +m[3]!, pre: m[4] ?? '' };
};

const compare = (a: string, b: string): number => {
  const x = parse(a);
  const y = parse(b);
  return x.major - y.major || x.minor - y.minor || x.patch - y.patch || (x.pre === y.pre ? 0 : !x.pre ? 1 : !y.pre ? -1 : x.pre < y.pre ? -1 : 1);
};

['1.10.0', '1.2.0', 'v2.0.0-rc.1', '2.0.0', '1.2.0-beta', '0.9.12'].sort(compare)
