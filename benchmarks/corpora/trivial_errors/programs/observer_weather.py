class Station:
    def __init__(self):
        self._displays = []
        self._readings = []

    def attach(self, display):
        self._displays.append(display)
        return display

    def measure(self, celsius):
        self._readings.append(celsius)
        for display in self._displays:
            display.update(self._readings)


class Average:
    def __init__(self):
        self.text = "-"

    def update(self, readings):
        self.text = f"average {sum(readings) / len(readings):.1f}"


class Trend:
    text = "-"

    def update(self, readings):
        if len(readings) < 2:
            return
        change = readings[-1] - readings[-2]
        self.text = "rising" if change > 0 else "falling" if change < 0 else "steady"


station = Station()
average = station.attach(Average())
trend = station.attach(Trend())
for celsius in [12, 15, 15, 9]:
    station.measure(celsius)
    print(str(celsius).rjust(3), average.text, trend.text, sep=" | ")
