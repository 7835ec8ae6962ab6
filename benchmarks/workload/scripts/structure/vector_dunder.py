class Vector:
    def __init__(self, *xs):
        self.xs = xs

    def __add__(self, other):
        return Vector(*(a + b for a, b in zip(self.xs, other.xs)))

    def __mul__(self, k):
        return Vector(*(a * k for a in self.xs))

    __rmul__ = __mul__

    def __matmul__(self, other):
        return sum(a * b for a, b in zip(self.xs, other.xs))

    def __eq__(self, other):
        return self.xs == other.xs

    def __repr__(self):
        return f"Vector{self.xs}"

    def __len__(self):
        return len(self.xs)


v = Vector(1, 2, 3)
w = Vector(4, 5, 6)
[repr(v + w), repr(2 * v), v @ w, v == Vector(1, 2, 3), len(v)]
