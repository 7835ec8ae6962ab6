from collections import Counter
import re

TEXT = """The sea, the sea! And above the sea
a gull; and below the gull, a boat."""

STOP_WORDS = {"a", "and", "the"}


def words(text):
    return re.findall(r"[a-z]+", text.lower())


def ranking(text, size=3):
    counts = Counter(word for word in words(text) if word not in STOP_WORDS)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:size]


def bar(count, sign="#"):
    return sign * count


for word, count in ranking(TEXT):
    print(f"{word:>6} {bar(count)}")
longest = max(words(TEXT), key=len)
print("longest:", longest, len(longest))
assert ranking("", size=5) == []
