def history(actions):
    stack = []
    for action in actions:
        if action == "undo":
            if stack:
                stack.pop(0)
        else:
            stack.insert(0, action)
    return stack
