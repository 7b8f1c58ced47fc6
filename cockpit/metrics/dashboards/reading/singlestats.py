"""The singlestat panel of Grafana up to 7, read as a stat or a gauge, and the table it had then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.fields import (
    ColourMode,
    Field,
    Mapping,
    Matcher,
    Override,
    Step,
    Style,
    Thresholds,
)
from cockpit.metrics.dashboards.model import Kind, Reduce
from cockpit.metrics.dashboards.options import GaugeOptions, StatOptions, TableOptions
from cockpit.metrics.dashboards.reading.body import Body
from cockpit.metrics.dashboards.reading.fields import old_mapping
from cockpit.metrics.dashboards.reading.graphs import CALCS

if TYPE_CHECKING:
    from cockpit.metrics.dashboards.reading.parts import Part

_VALUES = {**CALCS, "first": "firstNotNull", "delta": "delta", "diff": "diff", "range": "range"}
_UNKNOWN = {"last_time": "the time of the last value"}
_RANGES = "2"
_ROWS = ("", "table", "timeseries_to_rows", "timeseries_aggregations")


def read_singlestat(panel: Part) -> Body:
    """A singlestat: a gauge where it showed one."""
    wanted, gauge = panel.text("valueName") or "avg", panel["gauge"]
    shown = gauge.flag("show")
    field = Field(
        unit=panel.text("format") or None,
        decimals=panel.decimals(),
        minimum=gauge.number("minValue") if shown else None,
        maximum=gauge.number("maxValue") if shown else None,
        thresholds=_thresholds(panel),
        mappings=_mappings(panel) or None,
        no_value=panel.text("nullText") or None,
    )
    kept = (f"{_UNKNOWN[wanted]} in place of a value",) if wanted in _UNKNOWN else ()
    column = panel.text("tableColumn")
    return Body(
        kind=Kind.GAUGE if shown else Kind.STAT,
        field=field,
        options=GaugeOptions(gauge.flag("thresholdMarkers", default=True), gauge.flag("thresholdLabels"))
        if shown
        else _stat(panel, by_name=wanted == "name"),
        reduce=Reduce((_VALUES.get(wanted, "lastNotNull"),), fields="" if column == "Value" else column),
        missing=kept,
    )


def _stat(panel: Part, *, by_name: bool) -> StatOptions:
    back, value = panel.flag("colorBackground"), panel.flag("colorValue")
    return StatOptions(
        graph=panel["sparkline"].flag("show"),
        colour="background" if back else "value" if value else "none",
        text="name" if by_name else "value",
        prefix=panel.text("prefix"),
        postfix=panel.text("postfix"),
    )


def read_old_table(panel: Part) -> Body:
    """The table of Grafana up to 6, whose columns had styles by the pattern of their names."""
    overrides, plain = [], Field()
    for style in panel.objects("styles"):
        pattern = style.text("pattern")
        field = _column(style)
        if pattern in ("/.*/", ""):
            plain = field
        else:
            overrides.append(
                Override(Matcher.REGEX if pattern.startswith("/") else Matcher.NAME, (pattern,), field)
            )
    transform, sort = panel.text("transform"), panel["sort"]
    columns = tuple(each.text("text") for each in panel.objects("columns"))
    by = sort.whole("col", -1, least=-1) if "col" in sort else -1
    return Body(
        kind=Kind.TABLE,
        field=plain,
        overrides=tuple(overrides),
        options=TableOptions(((columns[by], sort.flag("desc")),) if 0 <= by < len(columns) else ()),
        missing=() if transform in _ROWS else (f"rows made by {transform}",),
    )


def _column(style: Part) -> Field:
    field = Field(
        unit=style.text("unit") or None,
        decimals=style.decimals(),
        display_name=style.text("alias") or None,
        mappings=_mappings(style) or None,
    )
    if style.text("type") == "hidden":
        return replace(field, style=Style(hidden=True))
    if style.text("type") == "date":
        return replace(field, unit="dateTimeAsIso")
    if "colorMode" in style:
        return replace(field, thresholds=_thresholds(style), colour=ColourMode("thresholds"))
    return replace(field, unit=None, decimals=None) if style.text("type") == "string" else field


def _thresholds(part: Part) -> Thresholds | None:
    """Two numbers that part three colours: "50,80", or a list of them."""
    raw = part["thresholds"]
    values = _numbers(raw)
    colours = part.texts("colors")
    if not values or len(colours) <= len(values):
        return None
    steps = zip((float("-inf"), *values), colours, strict=False)
    return Thresholds(tuple(Step(value, colour) for value, colour in steps))


def _numbers(part: Part) -> list[float]:
    words = part.value.split(",") if isinstance(part.value, str) else None
    if words is None:
        return [number for item in part.items() if (number := item.number()) is not None]
    try:
        return [float(word) for word in words if word.strip()]
    except ValueError:
        part.wrong("numbers with commas between them")
        return []


def _mappings(part: Part) -> tuple[Mapping, ...]:
    kind = part.text("mappingType")
    if kind == _RANGES:
        return tuple(found for each in part.objects("rangeMaps") for found in old_mapping(each, "range"))
    return tuple(found for each in part.objects("valueMaps") for found in old_mapping(each, "value"))
