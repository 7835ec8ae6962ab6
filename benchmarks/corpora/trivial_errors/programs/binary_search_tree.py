class Tree:
    def __init__(self):
        self.root = None
        self.count = 0

    def insert(self, key):
        self.root = self._insert(self.root, key)

    def _insert(self, node, key):
        if node is None:
            self.count += 1
            return {"key": key, "left": None, "right": None}
        if key < node["key"]:
            node["left"] = self._insert(node["left"], key)
        elif key > node["key"]:
            node["right"] = self._insert(node["right"], key)
        return node

    def height(self):
        def measure(node):
            if node is None:
                return 0
            return 1 + max(measure(node["left"]), measure(node["right"]))

        return measure(self.root)

    def ordered(self):
        def visit(node):
            if node is not None:
                yield from visit(node["left"])
                yield node["key"]
                yield from visit(node["right"])

        return list(visit(self.root))


tree = Tree()
for key in [50, 20, 70, 10, 30, 70, 60, 65]:
    tree.insert(key)
print(tree.ordered())
print("count", tree.count, "height", tree.height())
print(Tree().ordered(), Tree().height())
