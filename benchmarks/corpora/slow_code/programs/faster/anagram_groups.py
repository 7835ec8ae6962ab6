def are_anagrams(a: str, b: str) -> bool:
    return sorted(a) == sorted(b)


def groups(words):
    result = []
    for word in words:
        for group in result:
            if are_anagrams(group[0], word):
                group.append(word)
                break
        else:
            result.append([word])
    return result
