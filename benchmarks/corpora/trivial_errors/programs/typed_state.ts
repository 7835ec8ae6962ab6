enum Light {
  Red = "red",
  Green = "green",
  Amber = "amber",
}

interface Phase {
  next: Light;
  seconds: number;
}

const PHASES: Record<Light, Phase> = {
  [Light.Red]: { next: Light.Green, seconds: 20 },
  [Light.Green]: { next: Light.Amber, seconds: 15 },
  [Light.Amber]: { next: Light.Red, seconds: 3 },
};

class Crossing {
  private elapsed = 0;

  constructor(public light: Light = Light.Red) {}

  tick(seconds: number): Light {
    this.elapsed += seconds;
    while (this.elapsed >= PHASES[this.light].seconds) {
      this.elapsed -= PHASES[this.light].seconds;
      this.light = PHASES[this.light].next;
    }
    return this.light;
  }
}

const crossing = new Crossing();
const seen: string[] = [];
for (const seconds of [10, 10, 14, 1, 3, 38]) {
  seen.push(crossing.tick(seconds));
}
console.log(seen.join(" > "));
console.log(new Crossing(Light.Amber).tick(2), Object.keys(PHASES).length);
