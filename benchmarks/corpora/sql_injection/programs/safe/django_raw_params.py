# expect: safe
from django.db import connection

from .models import Song


def by_mood(mood):
    return Song.objects.raw("SELECT * FROM music_song WHERE mood = %s ORDER BY plays DESC", [mood])


def plays(title):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(plays) FROM {Song._meta.db_table} WHERE title = %s", [title])
        return cursor.fetchone()[0]
