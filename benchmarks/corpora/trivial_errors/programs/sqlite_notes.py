import sqlite3


class Notes:
    def __init__(self, connection):
        self.connection = connection
        connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, done INTEGER DEFAULT 0)")

    def add(self, title):
        cursor = self.connection.execute("INSERT INTO notes (title) VALUES (?)", (title,))
        return cursor.lastrowid

    def finish(self, number):
        cursor = self.connection.execute("UPDATE notes SET done = 1 WHERE id = ?", (number,))
        return cursor.rowcount == 1

    def open_titles(self):
        rows = self.connection.execute("SELECT title FROM notes WHERE done = 0 ORDER BY id")
        return [title for (title,) in rows.fetchall()]


notes = Notes(sqlite3.connect(":memory:"))
for title in ["water plants", "it's late", "write home"]:
    print(notes.add(title), title)
print(notes.finish(2), notes.finish(99))
print(notes.open_titles())
(total,) = notes.connection.execute("SELECT count(*) FROM notes").fetchone()
print("total " + str(total))
