"""The cache: what is newest and was asked for last stays, within the room there is."""

from __future__ import annotations

from cambrian.source.cache import Cache


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    cache: Cache[str, int] = Cache(30)
    for number, key in enumerate("abc"):
        cache.put(key, number, 10)
    assert cache.get("a") == 0
    cache.put("d", 3, 10)
    assert [cache.get(key) for key in "abcd"] == [0, None, 2, 3]


def test_a_value_that_is_too_large_stays_until_the_next_comes() -> None:
    cache: Cache[str, int] = Cache(30)
    cache.put("small", 1, 10)
    assert cache.put("large", 2, 100) == 2
    assert (cache.get("small"), cache.get("large")) == (None, 2)
    cache.put("other", 3, 10)
    assert (cache.get("large"), cache.get("other")) == (None, 3)


def test_the_same_key_counts_once_and_the_room_only_grows() -> None:
    cache: Cache[str, int] = Cache(30)
    for number in range(10):
        cache.put("same", number, 20)
    cache.put("other", 1, 10)
    assert (cache.get("same"), cache.get("other")) == (9, 1)
    cache.widen(60)
    cache.widen(5)
    cache.put("third", 3, 30)
    assert [cache.get(key) for key in ("same", "other", "third")] == [9, 1, 3]
    cache.clear()
    assert cache.get("third") is None
