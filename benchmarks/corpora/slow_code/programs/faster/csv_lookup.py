import csv


def capital(table, country):
    for row in csv.DictReader(table.splitlines()):
        if row["country"] == country:
            return row["capital"]
    return None


def capitals(table, countries):
    return [capital(table, country) for country in countries]
