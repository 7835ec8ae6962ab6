const log = `
[12:00:01] GET /api/users 200 35ms
[12:00:02] POST /api/orders 201 120ms
[12:00:04] GET /api/users/7 404 8ms
[12:00:09] GET /api/orders 500 1002ms
`;

const re = /^\[(?<time>[\d:]+)\] (?<method>\w+) (?<path>\S+) (?<status>\d{3}) (?<ms>\d+)ms$/gm;
const entries = [...log.matchAll(re)].map(m => ({ ...m.groups, status: Number(m.groups.status), ms: Number(m.groups.ms) }));
const slow = entries.filter(e => e.ms > 100).map(e => e.path);
const failed = entries.filter(e => e.status >= 400).length;
({ count: entries.length, slow, failed, first: entries[0] });
