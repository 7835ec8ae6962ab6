# expect: safe
import MySQLdb


def add_song(db: "MySQLdb.connections.Connection", artist: str, title: str) -> int:
    cursor = db.cursor()
    cursor.execute(
        "INSERT INTO songs (artist, title) VALUES (%(artist)s, %(title)s)", {"artist": artist, "title": title}
    )
    db.commit()
    return cursor.lastrowid
