"""Panels and rows that stand once for every value of a variable.

`DashboardModel.repeatPanel` in grafana/grafana, and its getPanelRepeat documentation:
https://grafana.com/docs/grafana/latest/panels-visualizations/configure-panel-options/#configure-repeating-panels
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.model import COLUMNS
from cockpit.metrics.dashboards.reading.rows import packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cockpit.metrics.dashboards.interpolation import Bindings
    from cockpit.metrics.dashboards.model import Grid, Option, Panel, Row

MOST_COPIES = 100
"""Copies of one panel or row."""

MOST_PANELS = 2000
"""Panels of a dashboard with all of their copies."""


def repeated(rows: Sequence[Row], variables: Bindings) -> tuple[Row, ...]:
    """The rows with every panel and row repeated as it says, each with its value in `scope`.

    A panel whose variable is not known, or has no value, stands once as it is.
    """
    made: list[Row] = []
    left = MOST_PANELS
    for row in rows:
        for option in _options(row.repeat.variable if row.repeat else "", variables):
            if left <= 0 and made:
                break
            scope = (*row.scope, (row.repeat.variable, option)) if row.repeat and option else row.scope
            panels = _laid([replace(panel, scope=scope) for panel in row.panels], variables)[:left]
            left -= len(panels)
            if panels or not row.panels:
                made.append(replace(row, panels=packed(panels), scope=scope))
    return tuple(made)


def _laid(panels: Sequence[Panel], variables: Bindings) -> list[Panel]:
    """The panels of a row with their copies; those below a repeated one make room for them."""
    made: list[Panel] = []
    grown: list[tuple[int, int]] = []
    for panel in panels:
        copies = list(_copies(panel, variables))
        lower = sum(height for bottom, height in grown if panel.grid.y >= bottom)
        made += [replace(copy, grid=replace(copy.grid, y=copy.grid.y + lower)) for copy in copies]
        bottom = panel.grid.y + panel.grid.h
        grown.append((bottom, max(copy.grid.y + copy.grid.h for copy in copies) - bottom))
    return made


def _copies(panel: Panel, variables: Bindings) -> Iterator[Panel]:
    """One panel for every value: below one another, or beside one another over the whole width."""
    repeat = panel.repeat
    if repeat is None or any(name == repeat.variable for name, _ in panel.scope):
        yield panel
        return
    options = _options(repeat.variable, variables)
    if options == (None,):
        yield panel
        return
    across = max(1, min(len(options), repeat.most))
    for at, option in enumerate(options):
        scope = panel.scope if option is None else (*panel.scope, (repeat.variable, option))
        grid = _below(panel.grid, at) if repeat.vertical else _beside(panel.grid, at, across)
        yield replace(panel, grid=grid, scope=scope)


def _options(name: str, variables: Bindings) -> tuple[Option | None, ...]:
    bound = variables.get(name)
    return bound.options[:MOST_COPIES] if bound is not None and bound.options else (None,)


def _below(grid: Grid, at: int) -> Grid:
    return replace(grid, y=grid.y + at * grid.h)


def _beside(grid: Grid, at: int, across: int) -> Grid:
    w = max(1, COLUMNS // across)
    line, column = divmod(at, across)
    return replace(grid, x=column * w, w=w, y=grid.y + line * grid.h)
