"""A file system in memory."""


class Directory:
    def __init__(self, name, parent=None):
        self.name = name
        self.parent = parent
        self.children = {}

    def path(self):
        if self.parent is None:
            return "/"
        return self.parent.path().rstrip("/") + "/" + self.name

    def mkdir(self, name):
        return self.children.setdefault(name, Directory(name, parent=self))

    def write(self, name, text):
        self.children[name] = text

    def size(self):
        total = 0
        for child in self.children.values():
            if isinstance(child, Directory):
                total += child.size()
            else:
                total += len(child)
        return total

    def walk(self):
        for name in sorted(self.children):
            child = self.children[name]
            if isinstance(child, Directory):
                yield from child.walk()
            else:
                yield self.path().rstrip("/") + "/" + name


root = Directory("")
etc = root.mkdir("etc")
etc.write("hosts", "127.0.0.1 localhost")
etc.mkdir("ssh").write("config", "Host *")
root.write("motd", "hi")
print(etc.children["ssh"].path())
print(root.size(), etc.size())
print(*root.walk(), sep="\n")
