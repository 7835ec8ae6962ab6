class Counter:
    def __init__(self):
        self.n = 0

    def up(self, by=1):
        self.n += by
        return self

c = Counter()
c.up().up(5).up()
c.n
