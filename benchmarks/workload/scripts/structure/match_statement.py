def evaluate(node):
    match node:
        case int() | float():
            return node
        case ["+", *args]:
            return sum(evaluate(a) for a in args)
        case ["*", left, right]:
            return evaluate(left) * evaluate(right)
        case ["-", arg]:
            return -evaluate(arg)
        case {"if": cond, "then": a, "else": b}:
            return evaluate(a) if evaluate(cond) else evaluate(b)
        case _:
            raise ValueError(f"cannot evaluate {node}")

evaluate(["+", 1, ["*", 2, 3], ["-", 4], {"if": 0, "then": 100, "else": 0.5}])
