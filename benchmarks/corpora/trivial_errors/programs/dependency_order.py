class CycleError(ValueError):
    def __init__(self, names):
        super().__init__(" -> ".join(names))
        self.names = names


def order(needs):
    """Every name after those that it needs."""
    done = []
    state = {}

    def visit(name, path):
        if state.get(name) == "done":
            return
        if name in path:
            raise CycleError(path[path.index(name) :] + [name])
        for other in sorted(needs.get(name, ())):
            visit(other, path + [name])
        state[name] = "done"
        done.append(name)

    for name in sorted(needs):
        visit(name, [])
    return done


BUILD = {"app": {"http", "log"}, "http": {"socket"}, "log": set(), "tests": {"app"}}
print(order(BUILD))
positions = {name: place for place, name in enumerate(order(BUILD))}
assert positions["socket"] < positions["http"] < positions["app"]
try:
    order({"a": {"b"}, "b": {"c"}, "c": {"a"}})
except CycleError as error:
    print("cycle:", error, len(error.names))
