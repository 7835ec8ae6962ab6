const cities = ['Perth', 'Delhi', 'Atlantis', 'Paris'];
const reports = [];
const problems = [];
await Promise.all(cities.map(async (city) => {
  try {
    const w = await weather(city);
    reports.push({ city, f: Math.round((w.celsius * 9) / 5 + 32) });
  } catch {
    problems.push(city);
  }
}));
reports.sort((a, b) => a.city.localeCompare(b.city));
({ reports, problems });
