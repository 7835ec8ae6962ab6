from itertools import permutations


def rank(word):
    """Which place a word of distinct letters has among the words of the same letters, from 1."""
    for place, letters in enumerate(permutations(sorted(word)), 1):
        if "".join(letters) == word:
            return place
    return 0
