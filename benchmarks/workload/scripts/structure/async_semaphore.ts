class Semaphore {
  private waiting: Array<() => void> = [];
  constructor(private free: number) {}

  async acquire(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
}

const semaphore = new Semaphore(2);
let running = 0;
let peak = 0;
const task = async (n: number): Promise<number> => {
  await semaphore.acquire();
  running++;
  peak = Math.max(peak, running);
  await Promise.resolve();
  await Promise.resolve();
  running--;
  semaphore.release();
  return n * 2;
};
const done = await Promise.all([1, 2, 3, 4, 5].map(task));
({ done, peak });
