# expect: fix
def find_books(connection, author=None, year=None):
    query = "SELECT title FROM books WHERE 1 = 1"
    if author:
        query += " AND author = '%s'" % author
    if year:
        query += " AND year = %s" % year
    query += " ORDER BY title"
    return [title for (title,) in connection.execute(query).fetchall()]
