"""What only panels of one kind have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimeseriesOptions:
    """Axes of a time series panel. `log_base` is 0 for a linear one; `thresholds` is how they are drawn: "off",
    "line", "area", "dashed" and combinations, as Grafana writes them."""

    log_base: int = 0
    thresholds: str = "off"
    soft_minimum: float | None = None
    soft_maximum: float | None = None
    axis_label: str = ""


@dataclass(frozen=True, slots=True)
class StatOptions:
    """A stat: `graph` is whether a course lies behind the value; `colour` is what bears the colour, "value",
    "background", "background_solid" or "none"; `text` is "auto", "value", "value_and_name", "name" or "none"."""

    graph: bool = True
    colour: str = "value"
    text: str = "auto"
    prefix: str = ""
    postfix: str = ""


@dataclass(frozen=True, slots=True)
class GaugeOptions:
    """A gauge: whether its thresholds are marked around it, and whether their numbers are written."""

    markers: bool = True
    labels: bool = False


@dataclass(frozen=True, slots=True)
class BarGaugeOptions:
    """Bars of one value each: `horizontal`, and how: "gradient", "lcd" or "basic"."""

    horizontal: bool = False
    mode: str = "gradient"


@dataclass(frozen=True, slots=True)
class TableOptions:
    """A table: columns it is sorted by (name, descending), columns left out, and its footer's calculations."""

    sort: tuple[tuple[str, bool], ...] = ()
    header: bool = True
    footer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PieOptions:
    """A pie: which labels stand at its parts ("name", "value", "percent"), and which values in its legend."""

    donut: bool = False
    labels: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeatmapOptions:
    """A heatmap: `buckets` is whether its series are the buckets; else values are counted into some. `unit` and
    `decimals` are those of the buckets' axis."""

    buckets: bool = True
    unit: str = ""
    decimals: int | None = None
    scheme: str = ""
    reverse: bool = False
    upper_bounds: bool = True


@dataclass(frozen=True, slots=True)
class TextOptions:
    """A text panel: "markdown", "html" or "code"."""

    content: str = ""
    mode: str = "markdown"


Options = (
    TimeseriesOptions
    | StatOptions
    | GaugeOptions
    | BarGaugeOptions
    | TableOptions
    | PieOptions
    | HeatmapOptions
    | TextOptions
)
