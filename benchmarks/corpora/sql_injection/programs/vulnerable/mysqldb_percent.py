# expect: fix
import MySQLdb

db = MySQLdb.connect(host="localhost", user="radio", passwd="", db="radio")


def songs_by(artist, year):
    cursor = db.cursor()
    cursor.execute("SELECT title FROM songs WHERE artist = '%s' AND year = %d" % (artist, year))
    return [title for title, in cursor.fetchall()]


def play_count(title):
    cursor = db.cursor()
    cursor.execute("SELECT COUNT(*) FROM plays WHERE title = '%s'" % title)
    return cursor.fetchone()[0]
