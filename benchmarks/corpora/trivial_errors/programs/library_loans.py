from datetime import date, timedelta

LOAN = timedelta(days=21)
FEE_PER_DAY = 15


class Library:
    def __init__(self, titles):
        self.shelf = set(titles)
        self.loans = {}

    def lend(self, title, reader, day):
        if title not in self.shelf:
            return None
        self.shelf.discard(title)
        due = day + LOAN
        self.loans[title] = (reader, due)
        return due

    def give_back(self, title, day):
        reader, due = self.loans.pop(title)
        self.shelf.add(title)
        late = max((day - due).days, 0)
        return reader, late * FEE_PER_DAY

    def overdue(self, day):
        return sorted(title for title, (_, due) in self.loans.items() if due < day)


library = Library(["Emma", "Ulysses", "Dracula"])
print(library.lend("Emma", "Kai", date(2024, 2, 20)))
print(library.lend("Emma", "Lea", date(2024, 2, 21)))
library.lend("Dracula", reader="Lea", day=date(2024, 3, 1))
print(library.overdue(date(2024, 3, 15)))
print(library.give_back("Emma", date(2024, 3, 20)))
print(library.give_back("Dracula", day=date(2024, 3, 5)), len(library.shelf))
