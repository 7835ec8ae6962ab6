const start = new Date(Date.UTC(2026, 0, 31));
const days = [];
for (let i = 0; i < 5; i++) {
  const d = new Date(start.getTime() + i * 86400000);
  days.push(d.toISOString().slice(0, 10));
}
const diff = (new Date('2026-12-25T00:00:00Z') - start) / 86400000;
({ days, diff, weekday: start.getUTCDay() });
