class FakeClock {
  constructor() {
    this.now = 0;
  }

  advance(ms) {
    this.now += ms;
  }
}

class Limiter {
  constructor(clock, { limit = 2, windowMs = 100 } = {}) {
    this.clock = clock;
    this.limit = limit;
    this.windowMs = windowMs;
    this.times = [];
  }

  allow() {
    const oldest = this.clock.now - this.windowMs;
    this.times = this.times.filter((time) => time > oldest);
    if (this.times.length >= this.limit) {
      return false;
    }
    this.times.push(this.clock.now);
    return true;
  }
}

const clock = new FakeClock();
const limiter = new Limiter(clock, { limit: 2 });
const answers = [];
for (const wait of [0, 10, 10, 85, 0, 100]) {
  clock.advance(wait);
  answers.push(limiter.allow() ? "yes" : "no");
}
console.log(answers.join(" "));
console.log(clock.now, limiter.times.length, new Limiter(clock).windowMs);
