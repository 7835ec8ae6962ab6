class Elevator:
    def __init__(self, floors, start=0):
        self.floors = floors
        self.floor = start
        self.stops = []
        self.travelled = 0

    def call(self, floor):
        if not 0 <= floor < self.floors:
            raise ValueError("no floor " + str(floor))
        if floor not in self.stops:
            self.stops.append(floor)

    def run(self):
        visited = []
        while self.stops:
            target = min(self.stops, key=lambda stop: abs(stop - self.floor))
            self.travelled += abs(target - self.floor)
            self.floor = target
            self.stops.remove(target)
            visited.append(target)
        return visited


lift = Elevator(floors=8, start=3)
for floor in [7, 2, 5, 2]:
    lift.call(floor)
print(lift.stops)
print(lift.run(), lift.travelled)
print(lift.run(), lift.floor)
try:
    lift.call(8)
except ValueError as error:
    print(error)
