def valid(number: str) -> bool:
    if not number:
        return False
    if any([character.isalpha() for character in number]):
        return False
    return all([character.isdigit() or character == "-" for character in number])
