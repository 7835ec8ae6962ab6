import re


def tag(lines, words):
    result = []
    for line in lines:
        found = []
        for word in words:
            pattern = re.compile(r"\b" + re.escape(word) + r"\b", re.IGNORECASE)
            if pattern.search(line):
                found.append(word)
        result.append(found)
    return result
