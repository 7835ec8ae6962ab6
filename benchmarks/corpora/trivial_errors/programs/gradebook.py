from statistics import mean

WEIGHTS = {"homework": 0.3, "exam": 0.5, "project": 0.2}


class Student:
    def __init__(self, name):
        self.name = name
        self.marks = {kind: [] for kind in WEIGHTS}

    def add(self, kind, *marks):
        self.marks[kind].extend(marks)

    def average(self):
        total = 0
        for kind, weight in WEIGHTS.items():
            marks = self.marks[kind]
            total += weight * (mean(marks) if marks else 0)
        return round(total, 2)


def letter(points):
    for bound, grade in [(90, "A"), (80, "B"), (70, "C")]:
        if points >= bound:
            return grade
    return "F"


nora = Student("Nora")
nora.add("homework", 90, 100, 95)
nora.add("exam", 88)
nora.add("project", 91)
paul = Student("Paul")
paul.add("exam", 80, 70)
for student in sorted([paul, nora], key=lambda each: each.average(), reverse=True):
    print(student.name.ljust(6), student.average(), letter(student.average()))
