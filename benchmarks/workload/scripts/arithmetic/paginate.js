const rows = Array.from({ length: 47 }, (_, i) => ({ id: i + 1, score: (i * 31) % 17 }));
const pageSize = 10;
const pages = [];
for (let i = 0; i < rows.length; i += pageSize) pages.push(rows.slice(i, i + pageSize));
const averages = pages.map(p => +(p.reduce((s, r) => s + r.score, 0) / p.length).toFixed(2));
({ pages: pages.length, last: pages.at(-1).map(r => r.id), averages })
