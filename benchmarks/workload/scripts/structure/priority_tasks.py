from dataclasses import dataclass


@dataclass
class Task:
    name: str
    priority: int
    deps: list[str]
    done: bool = False


tasks = {
    t.name: t
    for t in [
        Task("deploy", 1, ["build", "test"]),
        Task("build", 2, ["fetch"]),
        Task("test", 3, ["build"]),
        Task("fetch", 5, []),
        Task("lint", 4, ["fetch"]),
    ]
}

order = []
while len(order) < len(tasks):
    ready = [t for t in tasks.values() if not t.done and all(tasks[d].done for d in t.deps)]
    if not ready:
        raise ValueError("cycle")
    chosen = max(ready, key=lambda t: t.priority)
    chosen.done = True
    order.append(chosen.name)
order
