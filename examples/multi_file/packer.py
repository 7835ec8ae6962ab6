"""Packs items into bins. This file has no EVOLVE-BLOCK while others have: it may not change."""

from order import rank
from priority import priority


def pack(sizes, capacity):
    """Number of the bin of every item, in the order of `sizes`."""
    room = []
    bins = [0] * len(sizes)
    for item in sorted(range(len(sizes)), key=lambda i: rank(sizes[i], i, capacity)):
        size = sizes[item]
        open_bins = [b for b in range(len(room)) if room[b] >= size]
        if open_bins:
            chosen = max(open_bins, key=lambda b: priority(size, room[b], b, capacity))
        else:
            chosen = len(room)
            room.append(capacity)
        room[chosen] -= size
        bins[item] = chosen
    return bins
