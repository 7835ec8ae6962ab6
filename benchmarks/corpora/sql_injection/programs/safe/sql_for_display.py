# expect: safe
def explain(name: str, amount: int) -> str:
    """What the training page shows beside the form; nobody runs it."""
    shown = f"INSERT INTO pupils (name, amount) VALUES ('{name}', {amount})"
    return "Your click became:\n    " + shown


def lesson(names):
    return "\n".join(explain(name, position) for position, name in enumerate(names))
