from hypothesis import given
from hypothesis import strategies as st

from cambrian.source.repair.spelling import distance, similar

WORDS = st.text(alphabet="abc", max_size=6)


@given(WORDS, WORDS)
def test_distance_is_symmetric_and_zero_for_equal_words_only(a: str, b: str) -> None:
    assert distance(a, b, 9) == distance(b, a, 9)
    assert (distance(a, b, 9) == 0) == (a == b)


@given(WORDS, WORDS)
def test_distance_is_at_least_what_the_lengths_differ_and_capped(a: str, b: str) -> None:
    assert abs(len(a) - len(b)) <= distance(a, b, 9) <= max(len(a), len(b))
    assert distance(a, b, 1) == min(2, distance(a, b, 9))


def test_a_swap_of_neighbours_is_one_edit() -> None:
    assert distance("jason", "json") == 1
    assert distance("appned", "append") == 1


def test_the_nearest_comes_first_and_what_is_far_does_not_come() -> None:
    assert similar("appned", dir([]))[0][0] == "append"
    assert similar("zebra", dir([])) == []
    assert similar("getName", ["get_name", "get_game"])[0] == ("get_name", 0.5)
