RANKS = "23456789TJQKA"


def ordered(cards):
    """Cards by rank, those of one rank in the order in which they lay."""
    hand = cards[:]
    for end in range(len(hand) - 1, 0, -1):
        for i in range(end):
            if RANKS.index(hand[i][0]) > RANKS.index(hand[i + 1][0]):
                hand[i], hand[i + 1] = hand[i + 1], hand[i]
    return hand
