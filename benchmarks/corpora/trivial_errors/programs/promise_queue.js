const pause = (value) => new Promise((resolve) => setTimeout(resolve, 1, value));

class Queue {
  constructor(limit) {
    this.limit = limit;
    this.running = 0;
    this.most = 0;
    this.waiting = [];
  }

  async run(task) {
    if (this.running >= this.limit) {
      await new Promise((resolve) => this.waiting.push(resolve));
    }
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    try {
      return await task();
    } finally {
      this.running -= 1;
      const next = this.waiting.shift();
      if (next) next();
    }
  }
}

async function main() {
  const queue = new Queue(2);
  const tasks = [1, 2, 3, 4, 5].map((n) => queue.run(() => pause(n * n)));
  const results = await Promise.all(tasks);
  console.log(results.join(","), "at most", queue.most);
  const failed = await queue.run(async () => {
    throw new Error("broken");
  }).catch((error) => error.message);
  console.log(failed, queue.running);
}

main();
