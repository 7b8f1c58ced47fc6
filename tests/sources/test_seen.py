"""What comes twice is given once, for as long as it may come twice, in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.simulator.logs.messages import LogEntry
from cockpit.sources.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Iterable


def entry(number: int, second: int = 1000, nanos: int = 0) -> Any:
    made = LogEntry(insert_id=str(number))
    made.timestamp.seconds, made.timestamp.nanos = second, nanos
    return made


def numbers(entries: Iterable[Any]) -> list[int]:
    return [int(each.insert_id) for each in entries]


def test_an_entry_is_one_by_its_time_and_its_id() -> None:
    seen = Seen(10)
    assert numbers(seen.fresh([entry(1), entry(2), entry(1)])) == [1, 2]
    assert numbers(seen.fresh([entry(1, nanos=1), entry(2)])) == [1]


def test_the_last_ones_are_known_and_the_others_take_no_memory() -> None:
    seen = Seen(100)
    seen.edge = 0
    for begin in range(0, 10_000, 50):
        assert len(seen.fresh(entry(number) for number in range(begin, begin + 50))) == 50
    assert seen.fresh(entry(number) for number in range(9_900, 10_000)) == []
    assert seen.kept <= 300


def test_what_is_not_later_than_the_edge_is_known_for_good() -> None:
    seen = Seen(10)
    seen.edge = 1000
    seen.fresh(entry(number, second=1000) for number in range(5))
    for begin in range(100, 1000, 10):
        seen.fresh(entry(number, second=1001) for number in range(begin, begin + 10))
    assert seen.fresh(entry(number, second=1000) for number in range(5)) == []
    assert len(seen.fresh([entry(100, second=1001)])) == 1
