"""The `options` of panels as Grafana 7 and later write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.model import Kind, Legend, Reduce
from cockpit.metrics.dashboards.options import (
    BarGaugeOptions,
    GaugeOptions,
    HeatmapOptions,
    PieOptions,
    StatOptions,
    TableOptions,
    TextOptions,
    TimeseriesOptions,
)
from cockpit.metrics.dashboards.reading.body import Body
from cockpit.metrics.dashboards.reading.fields import read_field, read_overrides

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.metrics.dashboards.options import Options
    from cockpit.metrics.dashboards.reading.parts import Part

_KINDS = {kind.value: kind for kind in Kind if kind is not Kind.OTHER}
_MOST_VALUES = 1000
STAND_INS = {
    "barchart": Kind.BARGAUGE,
    "candlestick": Kind.TIMESERIES,
    "grafana-polystat-panel": Kind.STAT,
    "state-timeline": Kind.TIMESERIES,
    "status-history": Kind.TIMESERIES,
    "trend": Kind.TIMESERIES,
}
"""What is drawn of panels that show the same values in a way there is not here."""


def read_body(panel: Part) -> Body:
    """What a panel says of itself in `options` and `fieldConfig`; in Grafana 6 both were in `fieldOptions`."""
    name = panel.text("type")
    kind = _KINDS.get(name) or STAND_INS.get(name, Kind.OTHER)
    config, options = panel["fieldConfig"], panel["options"]
    if not config.given and "fieldOptions" in options:
        config = options["fieldOptions"]
    overrides, unknown = read_overrides(config)
    missing = tuple(f"overrides that are matched {each}" for each in dict.fromkeys(unknown))
    return Body(
        kind=kind,
        field=read_field(config["defaults"]),
        overrides=overrides,
        options=_READERS[kind](panel) if kind in _READERS else None,
        reduce=_reduce(options["reduceOptions"] if "reduceOptions" in options else options["fieldOptions"]),
        legend=_legend(options["legend"]),
        missing=missing,
    )


def read_text(panel: Part) -> TextOptions:
    """A text panel; before Grafana 7 its text stood in the panel itself."""
    options = panel["options"] if "content" in panel["options"] else panel
    return TextOptions(options.text("content"), options.text("mode") or "markdown")


def _reduce(part: Part) -> Reduce:
    calcs = part.texts("calcs") or ("lastNotNull",)
    return Reduce(calcs, part.flag("values"), part.whole("limit", 0, most=_MOST_VALUES), part.text("fields"))


def _legend(part: Part) -> Legend:
    mode = part.text("displayMode") or "list"
    return Legend(
        shown=part.flag("showLegend", default=mode != "hidden"),
        table=mode == "table",
        right=part.text("placement") == "right",
        calcs=part.texts("calcs"),
    )


def _timeseries(panel: Part) -> TimeseriesOptions:
    custom = panel["fieldConfig"]["defaults"]["custom"]
    scale = custom["scaleDistribution"]
    return TimeseriesOptions(
        log_base=scale.whole("log", 10, least=2, most=1000) if scale.text("type") in ("log", "symlog") else 0,
        thresholds=custom["thresholdsStyle"].text("mode") or "off",
        soft_minimum=custom.number("axisSoftMin"),
        soft_maximum=custom.number("axisSoftMax"),
        axis_label=custom.text("axisLabel"),
    )


def _stat(panel: Part) -> StatOptions:
    options = panel["options"]
    return StatOptions(
        graph=(options.text("graphMode") or "area") != "none",
        colour=options.text("colorMode") or "value",
        text=options.text("textMode") or "auto",
    )


def _gauge(panel: Part) -> GaugeOptions:
    options = panel["options"]
    return GaugeOptions(options.flag("showThresholdMarkers", default=True), options.flag("showThresholdLabels"))


def _bar_gauge(panel: Part) -> BarGaugeOptions:
    options = panel["options"]
    return BarGaugeOptions(options.text("orientation") == "horizontal", options.text("displayMode") or "gradient")


def _table(panel: Part) -> TableOptions:
    options = panel["options"]
    sort = tuple((each.text("displayName"), each.flag("desc")) for each in options.objects("sortBy"))
    footer = options["footer"]
    return TableOptions(
        sort=sort,
        header=options.flag("showHeader", default=True),
        footer=footer.texts("reducer") if footer.flag("show") else (),
    )


def _pie(panel: Part) -> PieOptions:
    options = panel["options"]
    return PieOptions(
        donut=options.text("pieType") == "donut",
        labels=options.texts("displayLabels"),
        values=options["legend"].texts("values"),
    )


def _heatmap(panel: Part) -> HeatmapOptions:
    """A heatmap of today, or of before Grafana 9, which said in the panel itself how its data comes."""
    options = panel["options"]
    if "dataFormat" in panel:
        axis, colour, calculated = panel["yAxis"], panel["color"], panel.text("dataFormat") != "tsbuckets"
        unit, scheme, lower = (
            axis.text("format"),
            colour.text("colorScheme"),
            panel.text("yBucketBound") == "lower",
        )
    else:
        axis, colour, calculated = options["yAxis"], options["color"], options.flag("calculate")
        unit, scheme, lower = axis.text("unit"), colour.text("scheme"), options["rowsFrame"].text("layout") == "ge"
    return HeatmapOptions(
        buckets=not calculated,
        unit=unit,
        decimals=axis.decimals(),
        scheme=scheme,
        reverse=colour.flag("reverse"),
        upper_bounds=not lower,
    )


_READERS: dict[Kind, Callable[[Part], Options]] = {
    Kind.TIMESERIES: _timeseries,
    Kind.STAT: _stat,
    Kind.GAUGE: _gauge,
    Kind.BARGAUGE: _bar_gauge,
    Kind.TABLE: _table,
    Kind.PIECHART: _pie,
    Kind.HEATMAP: _heatmap,
    Kind.TEXT: read_text,
    Kind.OTHER: _timeseries,
}
