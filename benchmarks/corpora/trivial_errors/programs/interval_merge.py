class Span:
    def __init__(self, start, end):
        if end < start:
            raise ValueError("span ends before it starts")
        self.start = start
        self.end = end

    def overlaps(self, other):
        return self.start <= other.end and other.start <= self.end

    def joined(self, other):
        return Span(min(self.start, other.start), max(self.end, other.end))

    def __repr__(self):
        return f"[{self.start}..{self.end}]"


def merge(spans):
    result = []
    for span in sorted(spans, key=lambda each: each.start):
        if result and result[-1].overlaps(span):
            result[-1] = result[-1].joined(span)
        else:
            result.append(span)
    return result


def gaps(spans):
    merged = merge(spans)
    return [(left.end, right.start) for left, right in zip(merged, merged[1:])]


booked = [Span(9, 10), Span(14, 16), Span(10, 12), Span(15, 18)]
print(merge(booked))
print(gaps(booked))
print(sum(span.end - span.start for span in merge(booked)))
try:
    Span(5, 1)
except ValueError as error:
    print(error)
