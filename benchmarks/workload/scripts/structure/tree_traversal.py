tree = {
    "value": 8,
    "left": {"value": 3, "left": {"value": 1}, "right": {"value": 6, "left": {"value": 4}, "right": {"value": 7}}},
    "right": {"value": 10, "right": {"value": 14, "left": {"value": 13}}},
}

def inorder(node):
    if node is None:
        return []
    return inorder(node.get("left")) + [node["value"]] + inorder(node.get("right"))

def depth(node):
    return 0 if node is None else 1 + max(depth(node.get("left")), depth(node.get("right")))

{"inorder": inorder(tree), "depth": depth(tree)}
