import heapq
from dataclasses import dataclass, field


@dataclass(order=True)
class Task:
    priority: int
    name: str = field(compare=False)
    tags: list = field(default_factory=list, compare=False)


class Agenda:
    def __init__(self):
        self._heap = []

    def add(self, name, priority=5, tags=()):
        heapq.heappush(self._heap, Task(priority, name, list(tags)))

    def next(self):
        return heapq.heappop(self._heap).name if self._heap else None

    def tagged(self, tag):
        return sorted(task.name for task in self._heap if tag in task.tags)

    def __len__(self):
        return len(self._heap)


agenda = Agenda()
agenda.add("sweep")
agenda.add("pay rent", priority=1, tags=["money"])
agenda.add("call Jo", 3, tags=("phone", "family"))
agenda.add("budget", priority=8, tags=["money"])
print(len(agenda), agenda.tagged("money"))
while len(agenda):
    print(agenda.next())
print(agenda.next())
