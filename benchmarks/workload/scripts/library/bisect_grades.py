import bisect

def grade(score, breakpoints=(60, 70, 80, 90), grades="FDCBA"):
    return grades[bisect.bisect(breakpoints, score)]

ordered = []
for n in [33, 99, 77, 70, 89, 90, 100]:
    bisect.insort(ordered, n)
{"grades": "".join(grade(s) for s in [33, 99, 77, 70, 89, 90, 100]), "ordered": ordered}
