# expect: safe
def find_books(connection, author=None, year=None):
    query = "SELECT title FROM books WHERE 1 = 1"
    parameters = []
    if author:
        query += " AND author = ?"
        parameters.append(author)
    if year:
        query += " AND year = ?"
        parameters.append(year)
    return [title for (title,) in connection.execute(query + " ORDER BY title", parameters)]
