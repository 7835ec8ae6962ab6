from itertools import count


def seats(guests):
    numbers = count(1)

    def next_seat():
        return next(numbers)

    plan = []
    for guest in guests:
        plan.append([guest, next_seat(), next_seat()])
    return plan
