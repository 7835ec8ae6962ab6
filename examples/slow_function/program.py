"""Counts the words of a text: correct, and slow in ways that real code is slow."""

PUNCTUATION = ".,;:!?()"


def word_report(lines, common):
    """Words of `lines` that are not in `common`, with their counts: the most frequent first, ties as they appeared."""
    words = []
    for i in range(len(lines)):
        for word in lines[i].lower().split():
            word = word.strip(PUNCTUATION)
            if word != "" and word not in common:
                words = words + [word]
    seen = []
    report = []
    for word in words:
        if word not in seen:
            seen.append(word)
            report.append((word, words.count(word)))
    return sorted(report, key=lambda item: -item[1])
