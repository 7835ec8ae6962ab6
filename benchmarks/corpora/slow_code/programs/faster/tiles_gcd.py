def tile(width: int, height: int) -> int:
    """Side of the largest square tile that fits both ways."""
    while width != height:
        if width > height:
            width -= height
        else:
            height -= width
    return width
