"""The `transformations` of a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.changes import (
    Calculate,
    GroupBy,
    JoinBy,
    Keep,
    LabelsToFields,
    Limit,
    Merge,
    Organize,
    SortBy,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.metrics.dashboards.changes import Change
    from cockpit.metrics.dashboards.reading.parts import Part

_OPERATORS = ("+", "-", "*", "/", "%")
_MOST = 100


def read_changes(panel: Part) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The transformations that can be done, in their order, and the ids of those that cannot."""
    done: list[Change] = []
    unknown: list[str] = []
    for at, each in enumerate(panel.objects("transformations")):
        if each.flag("disabled"):
            continue
        name = each.text("id")
        reader = _READERS.get(name)
        change = None if reader is None or at >= _MOST else reader(each["options"])
        if change is None:
            unknown.append(name or "none")
        else:
            done.append(change)
    return tuple(done), tuple(dict.fromkeys(unknown))


def _labels(options: Part) -> LabelsToFields | None:
    return LabelsToFields() if options.text("mode", "columns") == "columns" else None


def _join(options: Part) -> JoinBy | None:
    mode = options.text("mode", "outer")
    field = options.text("byField")
    return JoinBy(field, mode == "inner") if field and mode in ("outer", "inner", "outerTabular") else None


def _organize(options: Part) -> Organize:
    left_out = frozenset(name for name, part in options["excludeByName"].fields() if part.value is True)
    renamed = ((name, part.text()) for name, part in options["renameByName"].fields())
    places = {name: part.number() for name, part in options["indexByName"].fields()}
    order = sorted(
        (name for name, place in places.items() if place is not None), key=lambda name: places[name] or 0
    )
    return Organize(left_out, tuple((name, new) for name, new in renamed if new), tuple(order))


def _keep(options: Part) -> Keep | None:
    for key, exclude in (("include", False), ("exclude", True)):
        if key in options:
            part = options[key]
            return Keep(part.texts("names"), part.text("pattern"), exclude)
    return None


def _group(options: Part) -> GroupBy | None:
    keys, calculations = [], []
    for name, part in options["fields"].fields():
        if part.text("operation") == "groupby":
            keys.append(name)
        elif part.text("operation") == "aggregate":
            calculations += [(name, calculation) for calculation in part.texts("aggregations")]
    return GroupBy(tuple(keys), tuple(calculations)) if keys else None


def _calculate(options: Part) -> Calculate | None:
    if options.text("mode") != "binary":
        return None
    binary = options["binary"]
    left, operator, right = _operand(binary["left"]), binary.text("operator") or "+", _operand(binary["right"])
    if operator not in _OPERATORS or not left or not right:
        return None
    name = options.text("alias") or f"{left} {operator} {right}"
    return Calculate(name, left, operator, right, options.flag("replaceFields"))


def _operand(part: Part) -> str:
    """A column's name or a number; newer versions name a column by a matcher."""
    if not isinstance(part.value, dict):
        return part.text()
    matcher = part["matcher"]
    return part.text("fixed") or (matcher.text("options") if matcher.text("id") == "byName" else "")


def _sort(options: Part) -> SortBy | None:
    by = next(options.objects("sort"), None)
    return None if by is None else SortBy(by.text("field"), by.flag("desc"))


def _limit(options: Part) -> Limit:
    return Limit(options.whole("limitField", 10))


_READERS: dict[str, Callable[[Part], Change | None]] = {
    "labelsToFields": _labels,
    "merge": lambda _: Merge(),
    "joinByField": _join,
    "seriesToColumns": _join,
    "organize": _organize,
    "filterFieldsByName": _keep,
    "groupBy": _group,
    "calculateField": _calculate,
    "sortBy": _sort,
    "limit": _limit,
}
