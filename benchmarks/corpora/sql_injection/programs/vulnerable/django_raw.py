# expect: fix
from django.shortcuts import render

from .models import Song


def by_mood(request):
    mood = request.GET["mood"]
    songs = Song.objects.raw("SELECT * FROM music_song WHERE mood = '%s' ORDER BY plays DESC" % mood)
    return render(request, "music/list.html", {"songs": songs, "mood": mood})
