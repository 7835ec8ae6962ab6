class Path:
    """Path of an SVG drawing."""

    def __init__(self) -> None:
        self.data = ""

    def line(self, x: float, y: float) -> None:
        command = "L" if self.data else "M"
        self.data = self.data + f"{command}{x},{y} "


def svg(points):
    path = Path()
    for x, y in points:
        path.line(x, y)
    return '<path d="' + path.data.strip() + '"/>'
