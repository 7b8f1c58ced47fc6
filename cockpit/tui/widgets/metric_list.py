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
from cockpit.tui.widgets.fuzzy import Match, ranked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.metrics.catalogue import Metric

Found = tuple["Metric", Match]

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
_KIND, _MEASURE, _VALUE = 10, 5, 10
_LEAST_NAME, _LEAST_HELP = 30, 16
_LEAST_WORD = 3
_ANY = Match(0.0, ())


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
    """Cells of the name, whether kind and measure are shown, how many columns of values, and cells of the help."""

    name: int
    kind: bool = False
    measure: bool = False
    values: int = 0
    help: int = 0


class MetricList(ChoiceList[Found]):
    """Metrics with the letters that matched; values come later than names, and are drawn when they do."""

    _longest = 0

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._values: Mapping[str, Mapping[str, float]] = {}
        self._columns: tuple[Column, ...] = ()

    def look(self, items: Sequence[Found]) -> None:
        """The longest name sets how many cells names would like to have."""
        self._longest = max((len(metric.name) for metric, _ in items), default=0)

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
        parts += [_title(column) for column in self._columns[: plan.values]]
        parts += [Content("  help")] if plan.help else []
        return Content("").join(parts).stylize_before("$text-muted")

    def line(self, item: Found, width: int, /) -> Content:
        """One metric."""
        metric, hit = item
        plan = self._plan(width)
        first = measures(metric)[0]
        parts = [_name(metric, hit, plan.name)]
        if plan.kind:
            parts.append(Content.styled(kind_word(metric).ljust(_KIND), "$text-muted"))
        if plan.measure:
            parts.append(Content.styled(shorten(first.title, _MEASURE - 1).ljust(_MEASURE), "$text-muted"))
        parts.append(self._cells(metric, first.unit, plan.values))
        if plan.help:
            parts.append(Content.styled(f"  {shorten(clean(metric.help), plan.help - 2)}", "$text-muted"))
        return Content("").join(parts)

    def _cells(self, metric: Metric, unit: str, count: int) -> Content:
        """The columns of values, blank until they are known."""
        known = self._values.get(metric.name)
        if metric.series == 0 and count:
            return Content.styled("no series".rjust(_VALUE).ljust(_VALUE * count), "$text-muted")
        if known is None:
            return Content(" " * _VALUE * count)
        return Content("").join(_value(known.get(column.revision), unit) for column in self._columns[:count])

    def _plan(self, width: int) -> _Layout:
        """Whole names first: columns of values give way to them, then the measure, then the type."""
        few = min(2, len(self._columns))
        ways = [
            *(_Layout(0, True, True, count) for count in range(len(self._columns), few, -1)),
            *(_Layout(0, kind, measure, few) for kind, measure in ((True, True), (True, False), (False, False))),
            _Layout(0, values=min(1, few)),
        ]
        for wanted in (self._longest + 2, _LEAST_NAME):
            for way in ways:
                rest = width - _KIND * way.kind - _MEASURE * way.measure - _VALUE * way.values - wanted
                if rest >= 0:
                    spare = rest >= _LEAST_HELP
                    return way._replace(name=wanted + (0 if spare else rest), help=rest if spare else 0)
        return _Layout(width)


def found_by(query: str, metrics: Sequence[Metric]) -> list[Found]:
    """The metrics whose names match, best first, then those whose help has all the words, if these are words."""
    words = query.lower().split()
    if not words:
        return [(metric, _ANY) for metric in metrics]
    named = ranked(query, metrics, lambda metric: metric.name)
    if min(map(len, words)) < _LEAST_WORD:
        return named
    there = {metric.name for metric, _ in named}
    told = (metric for metric in metrics if metric.name not in there)
    return [*named, *((metric, _ANY) for metric in told if all(word in metric.help.lower() for word in words))]


def kind_word(metric: Metric) -> str:
    """What a metric is, in a word."""
    return _KINDS[metric.kind]


def _title(column: Column) -> Content:
    fill = f"{FILLS[column.slot]} " if column.slot is not None else ""
    style = f"$revision-{column.slot + 1} bold" if column.slot is not None else "bold"
    return Content.styled(f"{fill}{shorten(column.title, _VALUE - 1 - len(fill))}".rjust(_VALUE), style)


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
