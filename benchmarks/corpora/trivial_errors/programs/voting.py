BALLOTS = [
    ["oak", "elm", "ash"],
    ["elm", "ash"],
    ["ash", "elm", "oak"],
    ["oak", "ash"],
    ["elm", "oak"],
    ["oak", "elm"],
    ["elm", "ash", "oak"],
]


def first_choices(ballots, candidates):
    counts = dict.fromkeys(candidates, 0)
    for ballot in ballots:
        for name in ballot:
            if name in counts:
                counts[name] += 1
                break
    return counts


def instant_runoff(ballots):
    candidates = sorted({name for ballot in ballots for name in ballot})
    rounds = []
    while True:
        counts = first_choices(ballots, candidates)
        rounds.append(counts)
        leader = max(candidates, key=counts.get)
        if counts[leader] * 2 > sum(counts.values()) or len(candidates) == 1:
            return leader, rounds
        candidates.remove(min(candidates, key=counts.get))


winner, rounds = instant_runoff(BALLOTS)
for number, counts in enumerate(rounds, 1):
    print("round", number, counts)
print("winner:", winner)
