const nested = { q1: { jan: 10, feb: 20, mar: 15 }, q2: { apr: 30, may: 5, jun: 25 } };
const flat = Object.entries(nested).flatMap(([q, months]) => Object.entries(months).map(([m, v]) => [q + '.' + m, v]));
const sorted = flat.sort((a, b) => b[1] - a[1]);
const result = { top: sorted.slice(0, 3), total: flat.reduce((s, [, v]) => s + v, 0) };
result
