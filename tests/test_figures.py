from __future__ import annotations

from benchmarks.figures import Figure, table


def test_a_figure_is_held_to_the_most_and_the_least_it_should_be() -> None:
    assert [Figure("f", value, "x", goal=3, least=2).verdict for value in (1, 2, 3, 4)] == [
        "MISSED",
        "met",
        "met",
        "MISSED",
    ]
    assert Figure("f", 1, "x", least=30).verdict == "MISSED"
    assert not Figure("f", 1, "x").verdict


def test_the_table_shows_goals_with_their_sign() -> None:
    lines = table(
        [Figure("slow", 2, "ms", 50), Figure("fast", 40, "x", least=30), Figure("told", 1, "s")]
    ).splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["slow", "2", "ms", "<=", "50", "ms", "met"],
        ["fast", "40", "x", ">=", "30", "x", "met"],
        ["told", "1", "s"],
    ]
