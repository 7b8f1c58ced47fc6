"""What a period of a timeline comes to, and how that differs from as much time before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.app.picture import ValuePicture
from cockpit.sources.timelines.shape import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cockpit.live.app.habits import TimelineHabits, ValueHabits
    from cockpit.sources.timelines.shape import Row, Timeline

AWAITED = "the time before is not read yet"
UNREADABLE = "not compared: the time before cannot be read"

_SUMMED: Mapping[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "mean": lambda values: sum(values) / len(values),
    "last": lambda values: values[-1],
}


def compared(
    habits: TimelineHabits, period: str, timeline: Timeline, longer: Timeline | None, *, failed: bool = False
) -> tuple[tuple[ValuePicture, ...], str]:
    """What each value comes to, and in words what is compared or why nothing can be.

    The newest step is not over yet: the whole ones before it are compared with as many before those. Where the
    period itself does not reach so far back, `longer` does, the same timeline over a longer one; None is one that
    was not read yet, or `failed`.
    """
    step = habits.shape.step
    count = max(1, round(habits.periods[period] / step))
    newest = timeline.slots[-1]
    known = {row.at: row for row in (*(longer.rows if longer else ()), *timeline.rows)}
    now = _run(known, newest - count * step, count, step)
    then = _run(known, newest - 2 * count * step, count, step)
    missing = count - len(now), count - len(then)
    why = _why(habits, period, missing)
    if why and longer is None and habits.longer(period) and len(now) == count:
        why = UNREADABLE if failed else AWAITED
    values = tuple(
        _value(each, place, timeline, now if not why else (), then if not why else ())
        for place, each in enumerate(habits.values)
    )
    if not why and all(each.now is None or each.then is None for each in values):
        why = "not compared: values are missing"
    return values, why or f"{_steps(habits, count)} against the {count} before"


def _run(known: Mapping[float, Row], start: float, count: int, step: float) -> tuple[Row, ...]:
    """The rows of so many steps from a moment on; fewer where some are missing."""
    steps = (start + number * step for number in range(count))
    return tuple(known[at] for at in steps if at in known)


def _why(habits: TimelineHabits, period: str, missing: tuple[int, int]) -> str:
    """Why nothing can be compared, "" where it can; so many steps are missing of now and of then."""
    now, then = missing
    if now:
        return f"not compared: {_steps(habits, now)} missing"
    if not then:
        return ""
    if not habits.longer(period):
        return "not compared: no longer period is read"
    return f"not compared: {_steps(habits, then)} missing before"


def _steps(habits: TimelineHabits, count: int) -> str:
    """So many steps in words."""
    noun = "day" if habits.shape.step == DAY else "row"
    return f"{count} {noun}{'s' if count > 1 else ''}"


def _value(
    habits: ValueHabits, place: int, timeline: Timeline, now: Sequence[Row], then: Sequence[Row]
) -> ValuePicture:
    def come_to(rows: Sequence[Row], *, whole: bool) -> float | None:
        values = [row.values[place] for row in rows]
        found = [value for value in values if value is not None]
        return _SUMMED[habits.total](found) if found and not (whole and len(found) < len(values)) else None

    return ValuePicture(
        title=habits.title,
        unit=habits.unit,
        total=come_to(timeline.rows, whole=False),
        now=come_to(now, whole=True),
        then=come_to(then, whole=True),
    )
