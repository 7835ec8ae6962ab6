students = {
    "Ana": {"homework": [90, 85, 77], "exam": 88},
    "Bo": {"homework": [60, 75], "exam": 70},
    "Cy": {"homework": [], "exam": 95},
}
weights = {"homework": 0.4, "exam": 0.6}

def grade(s):
    hw = s["homework"]
    hw_avg = sum(hw) / len(hw) if hw else 0
    return round(hw_avg * weights["homework"] + s["exam"] * weights["exam"], 2)

def letter(score):
    for limit, mark in [(90, "A"), (80, "B"), (70, "C"), (60, "D")]:
        if score >= limit:
            return mark
    return "F"

{name: [grade(s), letter(grade(s))] for name, s in students.items()}
