text = """The quick brown fox jumps over the lazy dog. The dog barks;
the fox runs away. A quick escape, the end."""

counts = {}
for word in text.lower().split():
    word = word.strip(".,;")
    counts[word] = counts.get(word, 0) + 1

sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:5]
