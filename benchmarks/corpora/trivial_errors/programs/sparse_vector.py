import math


class Vector:
    def __init__(self, entries):
        self.entries = {index: value for index, value in entries.items() if value != 0}

    def dot(self, other):
        small, large = sorted((self.entries, other.entries), key=len)
        return sum(value * large.get(index, 0) for index, value in small.items())

    def norm(self):
        return math.sqrt(self.dot(self))

    def scaled(self, factor):
        return Vector({index: value * factor for index, value in self.entries.items()})

    def cosine(self, other):
        return self.dot(other) / (self.norm() * other.norm())

    def __eq__(self, other):
        return isinstance(other, Vector) and self.entries == other.entries

    def __repr__(self):
        return "Vector(" + ", ".join(f"{i}: {v}" for i, v in sorted(self.entries.items())) + ")"


a = Vector({0: 3, 5: 4, 9: 0})
b = Vector({5: 2, 7: 1})
print(a, a.norm())
print(a.dot(b), round(a.cosine(b), 4))
print(a.scaled(2) == Vector({0: 6, 5: 8}), a.scaled(0))
