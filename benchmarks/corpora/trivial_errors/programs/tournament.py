from itertools import combinations

RESULTS = {("Ajax", "Brann"): (2, 1), ("Ajax", "Celtic"): (0, 0), ("Brann", "Celtic"): (3, 2)}


class Table:
    def __init__(self, teams):
        self.points = {team: 0 for team in teams}
        self.goals = {team: 0 for team in teams}

    def enter(self, home, away, score):
        ours, theirs = score
        self.goals[home] += ours - theirs
        self.goals[away] += theirs - ours
        if ours == theirs:
            self.points[home] += 1
            self.points[away] += 1
        else:
            self.points[home if ours > theirs else away] += 3

    def standings(self):
        return sorted(self.points, key=lambda team: (-self.points[team], -self.goals[team], team))


teams = ["Ajax", "Brann", "Celtic"]
table = Table(teams)
for home, away in combinations(teams, 2):
    table.enter(home, away, RESULTS[home, away])
for place, team in enumerate(table.standings(), start=1):
    print(f"{place}. {team:<8}{table.points[team]:>3}{table.goals[team]:>+4}")
print("champion:", table.standings()[0])
