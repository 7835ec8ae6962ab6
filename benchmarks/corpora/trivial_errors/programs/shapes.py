import math
from abc import ABC, abstractmethod


class Shape(ABC):
    def __init__(self, label=""):
        self.label = label or type(self).__name__.lower()

    @abstractmethod
    def area(self):
        """Area in square metres."""

    def describe(self):
        return f"{self.label}: {self.area():.2f}"


class Circle(Shape):
    def __init__(self, radius, label=""):
        super().__init__(label)
        self.radius = radius

    def area(self):
        return math.pi * self.radius**2


class Rectangle(Shape):
    def __init__(self, width, height, label=""):
        super().__init__(label)
        self.width = width
        self.height = height

    def area(self):
        return self.width * self.height


class Square(Rectangle):
    def __init__(self, side):
        super().__init__(side, side, label="square of " + str(side))


shapes = [Circle(1.5), Rectangle(2, 3.5), Square(4), Circle(radius=0.5, label="dot")]
for shape in sorted(shapes, key=lambda each: each.area()):
    print(shape.describe())
print(round(sum(shape.area() for shape in shapes), 3), isinstance(shapes[2], Rectangle))
try:
    Shape()
except TypeError:
    print("abstract")
