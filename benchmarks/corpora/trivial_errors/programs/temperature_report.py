from statistics import mean, median

READINGS = {
    "attic": [18.5, 19.0, 22.5, 21.0],
    "cellar": [11.0, 11.5, 10.5],
    "hall": [],
}


def to_fahrenheit(celsius):
    return celsius * 9 / 5 + 32


def describe(room, values):
    if not values:
        return room.ljust(8) + "no data"
    average = mean(values)
    middle = median(values)
    warm = max(values)
    return f"{room:<8}{average:6.2f} {middle:6.2f} {to_fahrenheit(warm):6.1f}"


def main():
    print("room".ljust(8) + "  mean median  max F")
    for room in sorted(READINGS):
        print(describe(room, READINGS[room]))
    every = [value for values in READINGS.values() for value in values]
    print("rooms:", len(READINGS), "readings:", len(every), "spread:", max(every) - min(every))


main()
