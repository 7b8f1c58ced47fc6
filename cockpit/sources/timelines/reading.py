"""From the bytes of an answer to a timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.sources.errors import TooLargeError
from cockpit.sources.timelines.rows import list_in, rows_of
from cockpit.sources.timelines.shape import Finding, Flaw, Timeline
from cockpit.sources.timelines.steps import arranged, steps_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.sources.timelines.shape import Row, Shape

MOST_ROWS = 20_000

_OUTAGE = "an outage can look like this: the application's log may say why"
_ZERO = "is anything counted any more?"


def read_timeline(body: bytes, shape: Shape, period: float, now: float) -> Timeline:
    """Read the answer for a period of so many seconds that ends `now` (epoch seconds).

    Raises UnreadableError for what is no list of rows, and TooLargeError for one too long to be shown.
    """
    found = list_in(body, shape.rows)
    if len(found) > MOST_ROWS:
        raise TooLargeError(
            f"the answer has {len(found):,} rows", f"at most {MOST_ROWS:,} can be shown", limit=MOST_ROWS
        )
    numbered, unfit = rows_of(found, shape)
    steps = steps_of(numbered, shape, period, now)
    if not found:
        text = f"the answer is good, and has no rows at all: {len(steps)} were expected"
        return Timeline((), steps, (Finding(Flaw.EMPTY, text, _OUTAGE),))
    if not numbered:
        return Timeline((), steps, tuple(unfit))
    rows, odd = arranged(numbered, steps, shape.step)
    return Timeline(tuple(rows), steps, (*_nothing_but_zero(rows), *unfit, *odd))


def _nothing_but_zero(rows: Sequence[Row]) -> tuple[Finding, ...]:
    values = [value for row in rows for value in row.values if value is not None]
    if not values or any(values):
        return ()
    what = f"all {len(rows)} rows are" if len(rows) > 1 else "the only row is"
    return (Finding(Flaw.ALL_ZERO, f"{what} 0", _ZERO),)
