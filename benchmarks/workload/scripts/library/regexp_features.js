const s = '2026-03-01 and 2025-12-24, price: $1,234.50 and $99';
const dates = [...s.matchAll(/(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)/g)].map(({ groups: { y, m, d } }) => `${d}.${m}.${y}`);
const money = s.match(/\$[\d,]+(?:\.\d+)?/g).map(x => Number(x.replace(/[$,]/g, '')));
const swapped = 'John Smith'.replace(/(\w+) (\w+)/, '$2, $1');
const sticky = /foo/y;
sticky.lastIndex = 3;
({ dates, money, swapped, sticky: sticky.test('barfoo'), ahead: 'a1b2c3'.split(/(?<=\d)/) })
