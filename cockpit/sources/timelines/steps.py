"""Rows against the steps of their period: in order, one each, and which are missing."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from cockpit.sources.timelines.shape import DAY, Finding, Flaw, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from cockpit.sources.timelines.rows import Numbered
    from cockpit.sources.timelines.shape import Shape

MOST_STEPS = 20_000
_NAMED = 3
"""Moments that a finding names; how many more there are is counted."""


def steps_of(rows: Sequence[Numbered], shape: Shape, period: float, now: float) -> tuple[float, ...]:
    """The moments (epoch seconds) at which rows are expected of a period that ends `now`, the oldest first.

    Days may be cut in another time zone: then all rows are as far from midnight here.
    """
    phase = round(rows[0].row.at % shape.step) if rows else 0
    newest = (now - phase) // shape.step
    count = min(round(period / shape.step) + shape.inclusive, MOST_STEPS)
    return tuple((newest - back) * shape.step + phase for back in range(max(1, count) - 1, -1, -1))


def arranged(rows: Sequence[Numbered], steps: Sequence[float], step: float) -> tuple[list[Row], list[Finding]]:
    """The rows of the period by time, one a step, and what was amiss with them."""
    by_step: dict[float, Row] = {}
    again: list[float] = []
    # A clock elsewhere may already be in the next step.
    first, last = steps[0], steps[-1] + step
    for each in sorted(rows, key=lambda numbered: numbered.row.at):
        at = first + round((each.row.at - first) / step) * step
        if first <= at <= last:
            again += [at] if at in by_step else []
            by_step[at] = Row(at, each.row.values)
    findings = [*_missing(by_step, steps, step), *_disorder(rows)]
    if again:
        text = f"more than one row of {_several(_ranges(again, step))}: the last one counts"
        findings.append(Finding(Flaw.REPEATED, text))
    if outside := len(rows) - len(by_step) - len(again):
        noun = "rows are" if outside > 1 else "row is"
        findings.append(Finding(Flaw.OUTSIDE, f"{outside} {noun} of another time than asked for, and left out"))
    return list(by_step.values()), findings


def _disorder(rows: Sequence[Numbered]) -> Iterator[Finding]:
    number = next((after.number for before, after in pairwise(rows) if after.row.at < before.row.at), None)
    if number is not None:
        yield Finding(Flaw.OUT_OF_ORDER, f"the rows are out of order from row {number} on: they are sorted here")


def _missing(found: Collection[float], steps: Sequence[float], step: float) -> Iterator[Finding]:
    """What is missing before the newest step, and whether that is."""
    *before, newest = steps
    gone = [at for at in before if at not in found]
    if gone:
        noun = "day" if step == DAY else "row"
        count = f"{len(gone)} {noun}s are" if len(gone) > 1 else f"1 {noun} is"
        yield Finding(Flaw.MISSING, f"{count} missing: {_several(_ranges(gone, step))}")
    if newest not in found:
        yield Finding(Flaw.LATE, f"nothing of {_date(newest, step)} yet")


def _ranges(moments: Sequence[float], step: float) -> list[str]:
    """Moments in words, neighbours together."""
    runs: list[tuple[float, float]] = []
    for at in moments:
        if runs and at - runs[-1][1] < 1.5 * step:
            runs[-1] = runs[-1][0], at
        else:
            runs.append((at, at))
    return [
        _date(first, step) if first == last else f"{_date(first, step)} to {_date(last, step)}"
        for first, last in runs
    ]


def _date(at: float, step: float) -> str:
    form = "%Y-%m-%d" if step >= DAY else "%Y-%m-%d %H:%M"
    return f"{datetime.fromtimestamp(at, UTC):{form}}"


def _several(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
