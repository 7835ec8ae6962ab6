from collections import Counter

votes = ["red", "blue", "red", "green", "blue", "red", "yellow"]
counts = Counter(votes)
counts.update(["green", "green"])
{"top": counts.most_common(2), "total": sum(counts.values())}
