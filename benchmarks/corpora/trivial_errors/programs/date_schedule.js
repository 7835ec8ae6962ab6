const DAY = 24 * 60 * 60 * 1000;

function addDays(date, days) {
  return new Date(date.getTime() + days * DAY);
}

function format(date) {
  return date.toISOString().slice(0, 10);
}

function isWorkday(date) {
  const weekday = date.getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

function schedule(start, names) {
  const plan = [];
  let day = new Date(start);
  for (const name of names) {
    while (!isWorkday(day)) {
      day = addDays(day, 1);
    }
    plan.push({ name, day: format(day) });
    day = addDays(day, 1);
  }
  return plan;
}

const plan = schedule("2024-03-28T00:00:00Z", ["paint", "sand", "oil", "rest"]);
for (const { name, day } of plan) {
  console.log(day, name.toUpperCase());
}
console.log(format(addDays(new Date("2024-02-28T12:00:00Z"), 2)));
console.log(plan.length, plan.every((entry) => isWorkday(new Date(entry.day))));
