import pytest

from cambrian.core.errors import UsageError
from cambrian.improvement.healing.checking import answers, confirmed
from cambrian.improvement.healing.lane import Check, Checks, FastLane
from cambrian.improvement.healing.localising import ochiai
from cambrian.improvement.healing.measuring import size_of
from cambrian.improvement.healing.peers import Peers
from cambrian.improvement.healing.repairing import repaired
from cambrian.improvement.healing.searching import Search, Settings
from cambrian.sandbox import CPythonJail

TESTS = Checks(tests=(Check("top([3, 1, 2], 2)", "[3, 2]"), Check("top([], 1)", "[]"), Check("top([5, 9], 1)", "[9]")))
RIGHT = "def top(xs, k):\n    return sorted(xs, reverse=True)[:k]\n"
WRONG = "def top(xs, k):\n    xs = sorted(xs)  # up\n    return xs[:k]\n"
TWICE = "def top(xs, k):\n    xs = sorted(xs)\n    return xs[:k + 1]\n"


async def test_the_lane_tells_which_tests_pass_and_equal_behaviours(jail: CPythonJail) -> None:
    async with FastLane(jail, TESTS) as lane:
        right, wrong, same, broken = await lane.try_all([RIGHT, WRONG, WRONG.replace("# up", ""), "def top(:\n"])
    assert right.passed == TESTS.all == 0b111
    assert wrong.passed == 0b010
    assert wrong.nearness < right.nearness
    assert wrong.behaviour == same.behaviour != right.behaviour
    assert broken.nearness < 0
    assert lane.tried == 4
    assert lane.cpu_s > 0


async def test_endless_and_deadly_candidates_cost_only_themselves(jail: CPythonJail) -> None:
    endless = "def top(xs, k):\n    while True:\n        try:\n            xs = xs\n        except:\n            pass\n"
    deadly = "import os\ndef top(xs, k):\n    os._exit(3)\n"
    printing = "def top(xs, k):\n    print('7\\n' * 10)\n    return sorted(xs, reverse=True)[:k]\n"
    async with FastLane(jail, TESTS) as lane:
        trials = await lane.try_all([RIGHT, endless, RIGHT, deadly, printing, RIGHT])
    assert [trial.passed == TESTS.all for trial in trials] == [True, False, True, False, True, True]


async def test_lines_of_each_test(jail: CPythonJail) -> None:
    text = "def top(xs, k):\n    if not xs:\n        return []\n    return sorted(xs)\n"
    async with FastLane(jail, TESTS) as lane:
        lines = await lane.lines(text)
    assert lines == (frozenset({2, 4}), frozenset({2, 3}), frozenset({2, 4}))
    suspicion = ochiai(lines, 0b010)
    assert suspicion[4] == 1.0 > suspicion[2] > suspicion[3] == 0.0


async def test_a_candidate_that_lies_to_the_lane_is_not_confirmed(jail: CPythonJail) -> None:
    liar = (
        "class L(list):\n    __eq__ = lambda self, other: True\n    __class__ = list\ndef top(xs, k):\n    return L()\n"
    )
    stateful = "import builtins\nn = builtins.__dict__.setdefault('n', [])\nn.append(1)\n" + RIGHT.replace(
        "return", "return [] if len(n) < 3 else"
    )
    for text in (liar, stateful):
        assert not (await confirmed(jail, text, TESTS)).shown
    assert (await confirmed(jail, RIGHT, TESTS)).shown


async def test_answers_are_told_with_their_type_and_ends_are_none(jail: CPythonJail) -> None:
    tests = Checks(tests=(Check("f(0)", "0"), Check("f(1)", "0"), Check("f(2)", "0")), limit=0.05)
    text = "import os\ndef f(n):\n    if n == 1:\n        os._exit(1)\n    return {1} if n else True\n"
    assert await answers(jail, text, tests) == ["bool True", None, "set {1}"]


async def test_what_is_expected_must_be_a_literal(jail: CPythonJail) -> None:
    with pytest.raises(UsageError, match="no Python literal"):
        await confirmed(jail, RIGHT, Checks(tests=(Check("top([], 1)", "list()"),)))


async def test_one_edit_and_two(jail: CPythonJail) -> None:
    one = await repaired(jail, WRONG, TESTS)
    assert one.by == "edits"
    assert one.edits == ("ordering",)
    assert one.text == WRONG.replace("sorted(xs)", "sorted(xs, reverse=True)")
    assert one.evidence.shown
    two = await repaired(jail, TWICE, TESTS)
    assert two.by == "edits"
    assert len(two.edits) == 2
    assert one.size.nodes < two.size.nodes
    assert two.cpu_s < 15


async def test_what_passes_already_is_left_alone_and_what_cannot_be_mended_is_told(jail: CPythonJail) -> None:
    assert (await repaired(jail, RIGHT, TESTS)).by == "nothing"
    hopeless = await repaired(jail, "x = 1\n", TESTS, Settings(cpu=1.0))
    assert hopeless.by == "none"
    assert hopeless.text == "x = 1\n"


async def test_the_whole_of_a_repair_keeps_to_its_cpu_seconds(jail: CPythonJail) -> None:
    slow = WRONG.replace("return xs[:k]", "for _ in range(500_000):\n        pass\n    return xs[:k - 1 + 0 * len(xs)]")
    found = await repaired(jail, slow, TESTS, Settings(cpu=1.0, whole=1.5))
    assert 0.5 < found.cpu_s < 2.2  # what one candidate may take beyond is the jail's clock and this process's own work


async def test_no_deeper_than_asked_for(jail: CPythonJail) -> None:
    async with FastLane(jail, TESTS) as lane:
        found = await Search(lane, TESTS, Settings(depth=1, pairs=0, cpu=4.0)).run(TWICE)
    assert all(len(survivor.edits) == 1 for survivor in found.survivors)


async def test_peers_lend_as_little_as_will_do(jail: CPythonJail) -> None:
    peer = "def top(lst, n):\n    best = []\n    for each in sorted(lst, reverse=True):\n        if len(best) < n:\n"
    peer += "            best.append(each)\n    return best\n"
    wrong = "def top(xs, k):\n    out = []  # mine\n    for x in xs:\n        if len(out) <= k:\n"
    wrong += "            out.append(x)\n    return out\n"
    found = await repaired(jail, wrong, TESTS, Settings(cpu=0.01), peers=Peers([peer]))
    assert found.by == "peers"
    assert found.text == wrong.replace("in xs:", "in sorted(xs, reverse=True):").replace("<= k", "< k")
    assert found.size.kept > 0.8


def test_sizes() -> None:
    assert size_of(WRONG, WRONG).nodes == 0
    assert size_of(WRONG, WRONG.replace("# up", "# down")).nodes == 0
    assert 0 < size_of(WRONG, WRONG.replace("k]", "1]")).nodes <= 4
    assert size_of(WRONG, "import os\n").kept < 0.2
