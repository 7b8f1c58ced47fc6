"""Metrics as rows: name, type, and the values now by revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.measures import measures
from cockpit.release.state import short_name
from cockpit.text import clean, shorten
from cockpit.tui.charts.units import formatted
from cockpit.tui.colours import FILLS
from cockpit.tui.widgets.choice_list import ChoiceList
from cockpit.tui.widgets.fuzzy import Match

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.metrics.catalogue import Metric

Found = tuple["Metric", Match]
Values = "Mapping[str, Mapping[str, float]]"

_KINDS = {
    MetricKind.COUNTER: "counter",
    MetricKind.GAUGE: "gauge",
    MetricKind.HISTOGRAM: "histogram",
    MetricKind.GAUGE_HISTOGRAM: "histogram",
    MetricKind.SUMMARY: "summary",
    MetricKind.INFO: "info",
    MetricKind.STATE_SET: "states",
    MetricKind.UNKNOWN: "untyped",
}
_KIND, _MEASURE, _VALUE = 9, 5, 10
_LEAST_NAME = 22


class Column(NamedTuple):
    """A revision whose values have a column, with its colour (0-based slot, None for none) and its short name."""

    revision: str
    title: str
    slot: int | None


def columns(revisions: Sequence[str], slots: Mapping[str, int], service: str) -> tuple[Column, ...]:
    """A column a revision, in this order; "" is headed as what belongs to none."""

    def title(revision: str) -> str:
        return clean(short_name(revision, service)).partition("-")[0] if revision else "no revision"

    return tuple(Column(each, title(each), slots.get(each)) for each in revisions)


class _Layout(NamedTuple):
    """How many cells the name has, whether kind and measure are shown, and how many columns of values."""

    name: int
    kind: bool
    measure: bool
    values: int


class MetricList(ChoiceList[Found]):
    """Metrics with the letters that matched; values come later than names, and are drawn when they do."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._values: Mapping[str, Mapping[str, float]] = {}
        self._columns: tuple[Column, ...] = ()

    def picture(self, values: Mapping[str, Mapping[str, float]], shown: tuple[Column, ...]) -> None:
        """Show values by metric and revision, in these columns."""
        self._values, self._columns = values, shown
        self.refresh()

    @property
    def in_view(self) -> list[Metric]:
        """The metrics whose rows are seen."""
        top = self.scroll_offset.y
        return [metric for metric, _ in self.items[top : top + max(1, self.size.height)]]

    def heading(self, width: int) -> Content:
        """What stands above the columns."""
        plan = self._plan(width)
        parts = [Content(" metric".ljust(plan.name))]
        parts += [Content("type".ljust(_KIND))] if plan.kind else []
        parts += [Content("now".ljust(_MEASURE))] if plan.measure else []
        for column in self._columns[: plan.values]:
            fill = f"{FILLS[column.slot]} " if column.slot is not None else ""
            title = f"{fill}{shorten(column.title, _VALUE - 1 - len(fill))}".rjust(_VALUE)
            style = f"$revision-{column.slot + 1} bold" if column.slot is not None else "bold"
            parts.append(Content.styled(title, style))
        return Content("").join(parts).stylize_before("$text-muted")

    def line(self, item: Found, width: int, /) -> Content:
        """One metric."""
        metric, hit = item
        plan = self._plan(width)
        parts = [_name(metric, hit, plan.name)]
        if plan.kind:
            parts.append(Content.styled(_KINDS[metric.kind].ljust(_KIND), "$text-muted"))
        first = measures(metric)[0]
        if plan.measure:
            parts.append(Content.styled(shorten(first.title, _MEASURE - 1).ljust(_MEASURE), "$text-muted"))
        known = self._values.get(metric.name)
        if metric.series == 0:
            parts.append(Content.styled("no series".rjust(_VALUE), "$text-muted"))
        elif known is not None:
            parts += [_value(known.get(column.revision), first.unit) for column in self._columns[: plan.values]]
        return Content("").join(parts)

    def _plan(self, width: int) -> _Layout:
        """The name gives way last: first columns of values go, then the measure, then the type."""
        for kind, measure, values in (
            *((True, True, count) for count in range(len(self._columns), 1, -1)),
            (True, False, min(2, len(self._columns))),
            (False, False, min(2, len(self._columns))),
            (False, False, min(1, len(self._columns))),
        ):
            name = width - _KIND * kind - _MEASURE * measure - _VALUE * values
            if name >= _LEAST_NAME:
                return _Layout(name, kind, measure, values)
        return _Layout(width, kind=False, measure=False, values=0)


def kind_word(metric: Metric) -> str:
    """What a metric is, in a word."""
    return _KINDS[metric.kind]


def _name(metric: Metric, hit: Match, room: int) -> Content:
    text = shorten(clean(metric.name), room - 2)
    name = Content.styled(text, "$text-muted" if metric.series == 0 else "")
    for at in hit.positions:
        name = name.stylize("$accent bold underline", at, at + 1) if at < len(text) else name
    return Content(" ").append(name).pad_right(max(0, room - 1 - name.cell_length))


def _value(value: float | None, unit: str) -> Content:
    if value is None:
        return Content.styled("–".rjust(_VALUE), "$text-muted")
    return Content(shorten(formatted(value, unit), _VALUE - 1).rjust(_VALUE))
