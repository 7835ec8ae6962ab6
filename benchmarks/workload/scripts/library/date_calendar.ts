function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const fridays13: string[] = [];
for (let year = 2025; year <= 2027; year++) {
  for (let month = 0; month < 12; month++) {
    const date = new Date(Date.UTC(year, month, 13));
    if (date.getUTCDay() === 5) fridays13.push(date.toISOString().slice(0, 10));
  }
}
({ february: [2023, 2024, 2100].map((y) => daysInMonth(y, 2)), fridays13 });
