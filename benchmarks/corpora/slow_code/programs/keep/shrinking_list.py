def josephus(people, step):
    circle = list(people)
    position = 0
    out = []
    while len(circle) > 0:
        position = (position + step - 1) % len(circle)
        out.append(circle.pop(position))
    return out
