class EventEmitter:
    def __init__(self):
        self.handlers = {}

    def on(self, event, handler):
        self.handlers.setdefault(event, []).append(handler)
        return lambda: self.handlers[event].remove(handler)

    def emit(self, event, *args):
        return [h(*args) for h in list(self.handlers.get(event, []))]


bus = EventEmitter()
received = []
off = bus.on("greet", lambda name: received.append(f"hello {name}"))
bus.on("greet", lambda name: received.append(f"bye {name}"))
bus.emit("greet", "Ann")
off()
bus.emit("greet", "Bob")
bus.emit("nothing")
received
