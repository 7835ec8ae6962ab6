def widths(rows):
    return [max(len(str(cell)) for cell in column) for column in zip(*rows)]


def align(cell, width):
    text = str(cell)
    if isinstance(cell, (int, float)):
        return text.rjust(width)
    return text.ljust(width)


def render(rows, header=None, separator=" | "):
    everything = [header, *rows] if header else rows
    sizes = widths(everything)
    lines = []
    if header:
        lines.append(separator.join(title.center(size) for title, size in zip(header, sizes)).rstrip())
        lines.append("-+-".join("-" * size for size in sizes))
    for row in rows:
        lines.append(separator.join(align(cell, size) for cell, size in zip(row, sizes)).rstrip())
    return "\n".join(lines)


ROWS = [("bolt", 1200, 0.05), ("washer", 80, 0.01), ("anvil", 1, 250.0)]
print(render(ROWS, header=("part", "stock", "price")))
print(render(ROWS[:1], separator="  "))
print(widths(ROWS))
