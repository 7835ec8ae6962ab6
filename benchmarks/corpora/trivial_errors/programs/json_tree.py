import json

DOCUMENT = '{"name": "root", "children": [{"name": "a", "size": 3}, {"name": "b", "children": [{"name": "c", "size": 5}]}]}'


def size(node):
    own = node.get("size", 0)
    return own + sum(size(child) for child in node.get("children", []))


def lines(node, depth=0):
    yield "  " * depth + node["name"] + " " + str(size(node))
    for child in node.get("children", []):
        yield from lines(child, depth + 1)


def find(node, name):
    if node["name"] == name:
        return node
    for child in node.get("children", []):
        found = find(child, name)
        if found is not None:
            return found
    return None


tree = json.loads(DOCUMENT)
print("\n".join(lines(tree)))
print(find(tree, "c"), find(tree, "x"))
find(tree, "a")["size"] = 10
print(json.dumps(tree["children"][0], sort_keys=True))
