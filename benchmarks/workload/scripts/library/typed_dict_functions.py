from typing import TypedDict, Optional
from collections import OrderedDict


class Movie(TypedDict):
    title: str
    year: int
    rating: Optional[float]


movies: list[Movie] = [
    {"title": "Alien", "year": 1979, "rating": 8.5},
    {"title": "Brazil", "year": 1985, "rating": None},
    {"title": "Contact", "year": 1997, "rating": 7.5},
]


def average(ms: list[Movie]) -> Optional[float]:
    rated = [m["rating"] for m in ms if m["rating"] is not None]
    return sum(rated) / len(rated) if rated else None


decades: "OrderedDict[str, list[str]]" = OrderedDict()
for m in movies:
    decades.setdefault(f"{m['year'] // 10 * 10}s", []).append(m["title"])
{"average": average(movies), "decades": dict(decades)}
