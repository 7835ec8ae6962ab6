def frequencies(text):
    letters = list(text)
    table = {}
    for letter in letters:
        table[letter] = letters.count(letter)
    return sorted(table.items(), key=lambda pair: (-pair[1], pair[0]))
