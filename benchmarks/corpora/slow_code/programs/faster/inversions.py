def inversions(ranking):
    """How far a ranking is from being sorted: pairs that stand the wrong way round."""
    count = 0
    for i in range(len(ranking)):
        for j in range(i + 1, len(ranking)):
            if ranking[i] > ranking[j]:
                count += 1
    return count
