"""Expressions over time as charts: what lines are called, how they are coloured, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.engine import Answer, Line, ResultKind
from cockpit.metrics.labels import NAME, labels_of
from cockpit.tui.courses import MOST_LINES, Course, charted, line_names
from tests.tui import staged
from tests.tui.staged import CANARY, STABLE
from tests.tui.staged_catalogue import CatalogueEngine

if TYPE_CHECKING:
    from cockpit.metrics.labels import Labels
    from cockpit.tui.courses import Charted

SERVICE = "emergence-app"
SPAN = (staged.NOW.timestamp() - 900, staged.NOW.timestamp())
UP = Course("up")
SLOTS = {STABLE: 0, CANARY: 1}


class LinesEngine(CatalogueEngine):
    """Answers every range with these label sets: the n-th has the value n."""

    def __init__(self, *sets: Labels) -> None:
        super().__init__()
        self._sets = sets

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """Flat lines."""
        self.asked.append(expression)
        times = np.arange(start, end + 1, step, dtype=np.int64)
        lines = (Line(labels, times, np.full(times.size, float(n))) for n, labels in enumerate(self._sets))
        return Answer(ResultKind.MATRIX, lines=tuple(lines), notes=("a note",))


async def chart(*sets: Labels, course: Course = UP) -> Charted:
    """The chart of lines with these labels."""
    happened = staged.past(staged.healthy()).events
    engine = LinesEngine(*sets)
    return await charted(course, staged.healthy(), SPAN, engine=engine, slots=SLOTS, happened=happened)


def names(*sets: dict[str, str]) -> list[str]:
    """What lines with these labels are called."""
    return line_names([labels_of(each) for each in sets], SERVICE)


def test_a_line_is_called_by_its_revision_and_by_what_differs() -> None:
    assert names({"revision": STABLE, "job": "a"}, {"revision": CANARY, "job": "a"}) == ["00275-2jb", "00279-kub"]
    assert names({"revision": CANARY, "job": "a"}, {"revision": CANARY, "job": "b"}) == [
        "00279-kub job=a",
        "00279-kub job=b",
    ]


def test_a_line_without_labels_is_a_value_and_one_alone_says_all_of_them() -> None:
    assert names({}) == ["value"]
    assert names({NAME: "up", "job": "a"}) == ["up job=a"]
    assert names({NAME: "up"}, {NAME: "down"}) == ["up", "down"]


async def test_a_revision_has_its_colour_once_and_no_other_line_has_a_revision_s() -> None:
    found = await chart(
        *(labels_of({"revision": revision, "job": job}) for revision in (STABLE, CANARY) for job in ("a", "b"))
    )
    assert [series.role for series in found.data.series] == [
        "revision-1",
        "revision-3",
        "revision-2",
        "revision-4",
    ]


async def test_of_too_many_lines_the_largest_are_drawn_and_the_title_says_so() -> None:
    found = await chart(*(labels_of({"user": str(n)}) for n in range(MOST_LINES + 5)))
    assert len(found.data.series) == MOST_LINES
    assert found.data.series[0].label == "user=5"
    assert found.data.title == f"up · the largest {MOST_LINES} of {MOST_LINES + 5}"


async def test_a_chart_has_its_title_its_unit_what_happened_and_the_engine_s_notes() -> None:
    found = await chart(labels_of({}), course=Course("sum(\n  up\n)", unit="s"))
    assert (found.data.title, found.data.unit, found.notes) == ("sum( up )", "s", ("a note",))
    assert found.data.events
    assert (await chart()).data.why == "no samples in this time"
