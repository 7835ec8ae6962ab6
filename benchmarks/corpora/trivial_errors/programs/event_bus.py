from collections import defaultdict


class Bus:
    def __init__(self):
        self._listeners = defaultdict(list)

    def on(self, name, listener, *, once=False):
        self._listeners[name].append((listener, once))

    def emit(self, name, **details):
        for listener, once in list(self._listeners[name]):
            listener(**details)
            if once:
                self._listeners[name].remove((listener, once))
        return len(self._listeners[name])


log = []


def greet(who):
    log.append("hello " + who)


def count(who):
    log.append(len(who))


bus = Bus()
bus.on("join", greet)
bus.on("join", count, once=True)
print(bus.emit("join", who="Ines"))
print(bus.emit("join", who="Otto"))
print(bus.emit("leave"))
print(log)
