def tokens(source: str) -> list[str]:
    result = []
    while source:
        if source[0].isspace():
            source = source[1:]
        elif source[0].isdigit():
            number = ""
            while source and source[0].isdigit():
                number += source[0]
                source = source[1:]
            result.append(number)
        else:
            result.append(source[0])
            source = source[1:]
    return result
