from collections import defaultdict

words = ["listen", "silent", "enlist", "google", "elbow", "below", "inlets", "cat", "act", "tac"]
groups = defaultdict(list)
for w in words:
    groups["".join(sorted(w))].append(w)
[g for g in groups.values() if len(g) > 1]
