def repeated(text, length):
    """Pieces of a length that come more than once, in the order in which they come again."""
    pieces = [text[i : i + length] for i in range(len(text) - length + 1)]
    result = []
    for i, piece in enumerate(pieces):
        if piece in pieces[:i] and piece not in result:
            result.append(piece)
    return result
