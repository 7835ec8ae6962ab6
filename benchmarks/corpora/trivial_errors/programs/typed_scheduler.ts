type Task = { name: string; needs: string[]; hours: number };

const TASKS: Task[] = [
  { name: "roof", needs: ["walls"], hours: 8 },
  { name: "walls", needs: ["floor"], hours: 20 },
  { name: "floor", needs: [], hours: 12 },
  { name: "paint", needs: ["walls", "roof"], hours: 6 },
];

function order(tasks: Task[]): string[] {
  const done: string[] = [];
  let open = [...tasks];
  while (open.length > 0) {
    const ready = open.filter((task) => task.needs.every((need) => done.includes(need)));
    if (ready.length === 0) {
      throw new Error("circle among " + open.map((task) => task.name).join(", "));
    }
    ready.sort((a, b) => a.name.localeCompare(b.name));
    done.push(...ready.map((task) => task.name));
    open = open.filter((task) => !ready.includes(task));
  }
  return done;
}

function earliestEnd(tasks: Task[], name: string): number {
  const task = tasks.find((each) => each.name === name);
  if (task === undefined) throw new Error(`no task ${name}`);
  const starts = task.needs.map((need) => earliestEnd(tasks, need));
  return Math.max(0, ...starts) + task.hours;
}

console.log(order(TASKS).join(" > "));
console.log(earliestEnd(TASKS, "paint"), earliestEnd(TASKS, "floor"));
try {
  order([{ name: "egg", needs: ["hen"], hours: 1 }, { name: "hen", needs: ["egg"], hours: 1 }]);
} catch (error) {
  console.log((error as Error).message);
}
