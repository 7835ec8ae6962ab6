function createStation() {
  const readings = [];
  const observers = [];
  return {
    subscribe(observer) {
      observers.push(observer);
    },
    measure(celsius) {
      readings.push(celsius);
      observers.forEach((observer) => observer(celsius, readings.slice(0, -1)));
    },
    average() {
      return readings.reduce((sum, value) => sum + value, 0) / readings.length;
    },
  };
}

const lines = [];
const station = createStation();
station.subscribe((now, before) => {
  const last = before[before.length - 1];
  if (last === undefined) {
    lines.push("first " + now);
  } else {
    lines.push(now > last ? "rising" : now < last ? "falling" : "steady");
  }
});
station.subscribe((now) => {
  if (now < 0) lines.push("frost!");
});

[4, 7, 7, -1.5].forEach((celsius) => station.measure(celsius));
console.log(lines.join("\n"));
console.log(station.average().toFixed(3), lines.indexOf("frost!"));
