const withDefault = (obj, d) => new Proxy(obj, { get: (t, k) => (k in t ? t[k] : d) });
const counts = withDefault({}, 0);
for (const w of 'a b a c b a'.split(' ')) counts[w] = counts[w] + 1;
[counts.a, counts.b, counts.z]
