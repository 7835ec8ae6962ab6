const pattern = /(?<hours>\d+)h\s*(?<minutes>\d+)?m?/;
const toMinutes = (text: string): number | null => {
  const groups = pattern.exec(text)?.groups;
  return groups ? Number(groups.hours) * 60 + Number(groups.minutes ?? 0) : null;
};
['2h 30m', '1h', 'soon', '10h05'].map(toMinutes)
