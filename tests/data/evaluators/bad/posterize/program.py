"""Every four levels become one."""


def posterize(picture):
    """Answer the picture, an array of grey levels 0 to 255, with fewer of them."""
    return picture.astype(int) // 4 * 4 + 1
