from collections import defaultdict

WORDS = "stone notes onset tones late tale seat east teas owl low bowl".split()


def signature(word):
    return "".join(sorted(word.lower()))


def families(words):
    groups = defaultdict(set)
    for word in words:
        groups[signature(word)].add(word)
    return {key: sorted(group) for key, group in groups.items() if len(group) > 1}


def largest(groups):
    return max(groups.values(), key=lambda group: (len(group), group[0]))


found = families(WORDS)
for key in sorted(found):
    print(key.ljust(6), ", ".join(found[key]))
print("largest:", " ".join(largest(found)))
print(len(WORDS) - sum(len(group) for group in found.values()), "words stand alone")
