"""One panel of the JSON to the model's, and in words what it has that is not supported."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.model import COLUMNS, Grid, Kind, Panel, Repeat
from cockpit.metrics.dashboards.options import TextOptions
from cockpit.metrics.dashboards.reading.changes import read_changes
from cockpit.metrics.dashboards.reading.graphs import read_graph
from cockpit.metrics.dashboards.reading.options import STAND_INS, read_body
from cockpit.metrics.dashboards.reading.parts import Part
from cockpit.metrics.dashboards.reading.singlestats import read_old_table, read_singlestat
from cockpit.metrics.dashboards.reading.targets import read_targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cockpit.metrics.dashboards.changes import Change
    from cockpit.metrics.dashboards.model import Target
    from cockpit.metrics.dashboards.reading.body import Body
    from cockpit.metrics.dashboards.reading.sources import Sources

_TALLEST = 200
_OLD = {"graph": read_graph, "singlestat": read_singlestat, "grafana-singlestat-panel": read_singlestat}
_NAMES = {"table-old": "table", "grafana-piechart-panel": "piechart"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the panels of one dashboard. `shared` holds the library panels that came with it, by their uid."""

    sources: Sources
    shared: Mapping[str, Part]

    def panel(self, part: Part) -> Panel:
        """One panel, with everything that could be read of it."""
        absent = ""
        if "libraryPanel" in part:
            part, absent = self._borrowed(part)
        name = part.text("type") or "none"
        body = _body(part, name)
        targets = () if body.kind is Kind.TEXT else read_targets(part, self.sources)
        changes, unknown = read_changes(part)
        lacks = [*self._missing(part, name, body, targets), *_undone(body.kind, part, changes, unknown)]
        missing = (absent,) if absent else tuple(dict.fromkeys(lacks))
        return Panel(
            id=part.whole("id", 0),
            title=part.text("title"),
            kind=body.kind,
            type_name=name,
            grid=read_grid(part["gridPos"]),
            targets=targets,
            field=body.field,
            overrides=body.overrides,
            options=body.options,
            reduce=body.reduce,
            legend=body.legend,
            description=part.text("description"),
            repeat=read_repeat(part),
            min_step=part.text("interval").strip(),
            most_points=part.whole("maxDataPoints", 0),
            time_from=part.text("timeFrom").strip(),
            time_shift=part.text("timeShift").strip(),
            changes=changes if body.kind is Kind.TABLE else (),
            missing=missing,
            place=part.place,
        )

    def _borrowed(self, part: Part) -> tuple[Part, str]:
        """A library panel with what the library says of it, where the export brought that along."""
        named = part["libraryPanel"]
        found = self.shared.get(named.text("uid"))
        if found is None or not isinstance(found.value, dict) or not isinstance(part.value, dict):
            name = named.text("name")
            return (
                part,
                f"its definition, the library panel {name!r}" if name else "its definition, a library panel",
            )
        own = {key: part.value[key] for key in ("id", "gridPos", "repeat", "title") if key in part.value}
        return Part({**found.value, **own}, found.place, part.notes), ""

    def _missing(self, part: Part, name: str, body: Body, targets: tuple[Target, ...]) -> Iterator[str]:
        if body.kind is Kind.OTHER:
            yield f"drawing a panel of type {name}"
        if name in STAND_INS:
            yield f"drawing a panel of type {name}: a {STAND_INS[name].value} stands in"
        yield from (target.missing for target in targets if target.missing and not target.hidden)
        if not targets and body.kind not in (Kind.TEXT, Kind.OTHER):
            yield self.sources.missing(part["datasource"]) or "a question: it has no targets"
        yield from body.missing


def _undone(kind: Kind, part: Part, changes: tuple[Change, ...], unknown: tuple[str, ...]) -> Iterator[str]:
    """The transformations that are not done: all of them, but for tables."""
    if kind is not Kind.TABLE and changes:
        unknown = tuple(each.text("id") for each in part.objects("transformations") if not each.flag("disabled"))
    if unknown:
        yield f"transformations: {', '.join(dict.fromkeys(unknown))}"


def read_grid(part: Part) -> Grid:
    """Where a panel lies; what reaches over the edge is moved into the grid."""
    w = part.whole("w", Grid().w, least=1, most=COLUMNS)
    x = part.whole("x", 0, most=COLUMNS - w)
    return Grid(x, part.whole("y", 0), w, part.whole("h", Grid().h, least=1, most=_TALLEST))


def read_repeat(part: Part) -> Repeat | None:
    """The variable that a panel or row is repeated for."""
    variable = part.text("repeat")
    if not variable:
        return None
    return Repeat(variable, part.text("repeatDirection") == "v", part.whole("maxPerRow", 4, least=1, most=COLUMNS))


def _body(part: Part, name: str) -> Body:
    if name in _OLD:
        return _OLD[name](part)
    if name in ("table", "table-old") and "styles" in part and "fieldConfig" not in part:
        return read_old_table(part)
    body = read_body(part)
    if name in _NAMES:
        body = replace(body, kind=Kind(_NAMES[name]))
    if body.kind is Kind.TEXT and isinstance(body.options, TextOptions) and not body.options.content.strip():
        return replace(body, missing=("a text: it is empty",))
    return body
