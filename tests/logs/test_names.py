from __future__ import annotations

from cockpit.logs.names import MOST_NAME, OTHER, Table


def test_a_name_keeps_its_number() -> None:
    table = Table()
    assert [table.number(name) for name in ("", "stderr", "stdout", "stderr")] == [0, 1, 2, 1]
    assert table.names == ["", "stderr", "stdout"]
    assert (table.find("stdout"), table.find("requests"), table.find("")) == (2, None, 0)


def test_names_without_end_take_bounded_room() -> None:
    table = Table(most=100)
    numbers = {table.number(f"agent {number}") for number in range(10_000)}
    assert len(table) == 100
    assert numbers == set(range(1, 100))
    assert table.names[99] == OTHER
    assert table.names[table.number("agent 5")] == "agent 5"


def test_a_long_name_is_cut_and_stays_one_name() -> None:
    table = Table()
    assert table.number("x" * 8000) == table.number("x" * 8000) == 1
    assert table.names[1] == "x" * MOST_NAME
