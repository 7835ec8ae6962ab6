import { EventEmitter } from "node:events";

interface Reading {
  sensor: string;
  celsius: number;
}

class Monitor extends EventEmitter {
  private readonly limits: Map<string, number>;
  readonly alarms: string[] = [];

  constructor(limits: Record<string, number>) {
    super();
    this.limits = new Map(Object.entries(limits));
    this.on("reading", (reading: Reading) => this.check(reading));
  }

  private check({ sensor, celsius }: Reading): void {
    const limit = this.limits.get(sensor);
    if (limit !== undefined && celsius > limit) {
      this.alarms.push(`${sensor}: ${celsius} over ${limit}`);
      this.emit("alarm", sensor);
    }
  }
}

const monitor = new Monitor({ oven: 250, fridge: 8 });
let count = 0;
monitor.on("alarm", () => {
  count += 1;
});
const readings: Reading[] = [
  { sensor: "oven", celsius: 230 },
  { sensor: "fridge", celsius: 9.5 },
  { sensor: "attic", celsius: 60 },
  { sensor: "oven", celsius: 251 },
];
readings.forEach((reading) => monitor.emit("reading", reading));
console.log(count, monitor.listenerCount("reading"));
console.log(monitor.alarms.join("\n"));
