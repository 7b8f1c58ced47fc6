"""`fieldConfig` and its overrides, of today and of Grafana 7, to fields."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.fields import (
    ColourMode,
    Field,
    Mapping,
    Match,
    Matcher,
    Override,
    Step,
    Style,
    Thresholds,
)
from cockpit.metrics.dashboards.reading.parts import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BASE = float("-inf")
_MOST_STEPS = 50
_MOST_MAPPINGS = 1000
_FROM_NUMBER = {"1": "value", "2": "range"}
"""The types of mappings, as Grafana 7 wrote them."""
_MATCHERS = {matcher.value: matcher for matcher in Matcher}
_DRAWN = {"line": "line", "bars": "bars", "points": "points"}


def read_field(part: Part) -> Field:
    """The `defaults` of a fieldConfig."""

    def source(name: str) -> Part:
        found = part
        for key in name.split("."):
            found = found[key]
        return found

    return _field(source)


def read_overrides(part: Part) -> tuple[tuple[Override, ...], tuple[str, ...]]:
    """The overrides of a fieldConfig that are understood, and the ids of the matchers that are not."""
    overrides, unknown = [], []
    for each in part.objects("overrides"):
        settings = {prop.text("id"): prop["value"] for prop in each.objects("properties")}
        if not settings:
            continue
        matcher = each["matcher"]
        found = _matcher(matcher)
        if found is None:
            unknown.append(matcher.text("id") or "none")
            continue
        nothing = Part(None, each.place, each.notes)
        field = _field(partial(_setting, settings, nothing))
        kind, named, exclude = found
        overrides.append(Override(kind, named, field, exclude))
    return tuple(overrides), tuple(unknown)


def read_thresholds(part: Part) -> Thresholds | None:
    """Thresholds with steps, ascending; None where there are none."""
    steps: list[Step] = []
    for item in part.objects("steps"):
        value = item.number("value")
        if len(steps) < _MOST_STEPS:
            steps.append(Step(_BASE if value is None else value, item.text("color")))
    if not steps:
        return None
    return Thresholds(tuple(sorted(steps, key=lambda step: step.value)), part.text("mode") == "percentage")


def _setting(settings: dict[str, Part], nothing: Part, name: str) -> Part:
    return settings.get(name, nothing)


def _field(source: Callable[[str], Part]) -> Field:
    decimals = source("decimals").number()
    return Field(
        unit=source("unit").text() or None,
        decimals=None if decimals is None else int(min(max(decimals, 0), 15)),
        minimum=source("min").number(),
        maximum=source("max").number(),
        thresholds=read_thresholds(source("thresholds")),
        mappings=tuple(_mappings(source("mappings"))) or None,
        colour=_colour(source("color")),
        display_name=source("displayName").text() or None,
        no_value=source("noValue").text() or None,
        style=_style(source),
    )


def _style(source: Callable[[str], Part]) -> Style:
    fill, axis = source("custom.fillOpacity").number(), source("custom.axisPlacement").text()
    spans, transform = source("custom.spanNulls").value, source("custom.transform").text()
    stacking, hide = source("custom.stacking"), source("custom.hideFrom")
    hidden = source("custom.hidden").value
    return Style(
        draw=_DRAWN.get(source("custom.drawStyle").text()),
        stack=stacking.text("mode") or None,
        fill=None if fill is None else min(max(fill, 0.0), 100.0),
        negative=transform == "negative-Y" if transform else None,
        right_axis=axis == "right" if axis else None,
        gaps=None if spans is None else not spans,
        hidden=hidden if isinstance(hidden, bool) else hide.flag("viz") if "viz" in hide else None,
        unlisted=hide.flag("legend") if "legend" in hide else None,
    )


def _colour(part: Part) -> ColourMode | None:
    if not part.given:
        return None
    return ColourMode(part.text("mode"), part.text("fixedColor"), part.text("seriesBy") or "last")


def _matcher(part: Part) -> tuple[Matcher, tuple[str, ...], bool] | None:
    kind = _MATCHERS.get(part.text("id"))
    if kind is None:
        return None
    options = part["options"]
    if kind is not Matcher.NAMES:
        return kind, (options.text(),), False
    return kind, options.texts("names"), options.text("mode") == "exclude"


def _mappings(part: Part) -> Iterator[Mapping]:
    for at, item in enumerate(part.objects()):
        if at >= _MOST_MAPPINGS:
            return
        kind = item.text("type")
        if kind in _FROM_NUMBER:
            yield from old_mapping(item, _FROM_NUMBER[kind])
        else:
            yield from _mapping(item, kind)


def _mapping(item: Part, kind: str) -> Iterator[Mapping]:
    options, result = item["options"], item["options"]["result"]
    shown, colour = result.text("text"), result.text("color")
    if kind == "value":
        for value, each in options.fields():
            yield Mapping(Match.VALUE, value, shown=each.text("text"), colour=each.text("color"))
    elif kind == "range":
        yield Mapping(
            Match.RANGE, start=options.number("from"), end=options.number("to"), shown=shown, colour=colour
        )
    elif kind == "regex":
        yield Mapping(Match.REGEX, options.text("pattern"), shown=shown, colour=colour)
    elif kind == "special":
        yield Mapping(Match.SPECIAL, options.text("match"), shown=shown, colour=colour)
    else:
        item["type"].wrong("value, range, regex or special")


def old_mapping(item: Part, kind: str) -> Iterator[Mapping]:
    """One mapping of Grafana 7 or of an Angular panel: `kind` is "value" or "range"; "null" is no value."""
    text = item.text("text")
    if kind == "value" and item.given:
        value = item.text("value")
        yield (
            Mapping(Match.SPECIAL, "null", shown=text)
            if value == "null"
            else Mapping(Match.VALUE, value, shown=text)
        )
    elif "null" in (item["from"].value, item["to"].value):
        yield Mapping(Match.SPECIAL, "null", shown=text)
    else:
        yield Mapping(Match.RANGE, start=item.number("from"), end=item.number("to"), shown=text)
