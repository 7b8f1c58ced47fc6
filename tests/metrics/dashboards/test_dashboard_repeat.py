"""Panels and rows that stand for every value of a variable."""

from __future__ import annotations

from typing import Any

from cockpit.metrics.dashboards.interpolation import Bound
from cockpit.metrics.dashboards.model import Grid, Option, Row
from cockpit.metrics.dashboards.repeat import MOST_COPIES, MOST_PANELS, repeated
from tests.metrics.dashboards.written import dashboard

KNOWN = {"job": Bound(tuple(Option(name, name) for name in "abcde")), "none": Bound(())}


def laid(*panels: dict[str, Any]) -> Row:
    """The only row of a dashboard with these panels, repeated."""
    [row] = repeated(
        dashboard(*({"type": "stat", "targets": [{"expr": "up"}], **each} for each in panels)).rows, KNOWN
    )
    return row


def grids(row: Row) -> dict[str, Grid]:
    """Where panels lie, by title and value."""
    return {panel.title + "".join(option.value for _, option in panel.scope): panel.grid for panel in row.panels}


WIDE = {"x": 0, "y": 0, "w": 24, "h": 4}


def test_side_by_side_over_the_whole_width_and_on_further_lines() -> None:
    row = laid(
        {"title": "p", "repeat": "job", "maxPerRow": 3, "gridPos": {"x": 0, "y": 0, "w": 6, "h": 4}},
        {"title": "below", "gridPos": {"x": 0, "y": 4, "w": 24, "h": 2}},
    )
    assert grids(row) == {
        "pa": Grid(0, 0, 8, 4),
        "pb": Grid(8, 0, 8, 4),
        "pc": Grid(16, 0, 8, 4),
        "pd": Grid(0, 4, 8, 4),
        "pe": Grid(8, 4, 8, 4),
        "below": Grid(0, 8, 24, 2),
    }


def test_below_one_another() -> None:
    row = laid(
        {"title": "p", "repeat": "job", "repeatDirection": "v", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 2}},
        {"title": "next", "gridPos": {"x": 0, "y": 2, "w": 24, "h": 2}},
    )
    found = grids(row)
    assert [found[f"p{name}"].y for name in "abcde"] == [0, 2, 4, 6, 8]
    assert found["next"] == Grid(0, 10, 24, 2)


def test_a_variable_that_is_unknown_or_empty_leaves_one() -> None:
    for variable in ("nobody", "none"):
        assert list(grids(laid({"title": "p", "repeat": variable, "gridPos": WIDE}))) == ["p"]


def test_rows_are_repeated_with_their_panels_and_those_take_the_value_of_the_row() -> None:
    found = dashboard(
        {"type": "row", "title": "$job", "repeat": "job", "gridPos": {"y": 0}},
        {
            "type": "stat",
            "title": "p",
            "repeat": "job",
            "targets": [{"expr": "up"}],
            "gridPos": {"y": 1, "w": 24, "h": 4},
        },
    )
    rows = repeated(found.rows, KNOWN)
    assert [[option.value for _, option in row.scope] for row in rows] == [["a"], ["b"], ["c"], ["d"], ["e"]]
    assert all(panel.scope == row.scope for row in rows for panel in row.panels)
    assert [len(row.panels) for row in rows] == [1] * 5


def test_copies_have_an_end() -> None:
    many = {"job": Bound(tuple(Option(str(n), str(n)) for n in range(5000)))}
    found = dashboard({"type": "stat", "repeat": "job", "targets": [{"expr": "up"}], "gridPos": WIDE})
    [row] = repeated(found.rows, many)
    assert len(row.panels) == MOST_COPIES


def test_repeated_rows_of_repeated_panels_have_an_end() -> None:
    many = {name: Bound(tuple(Option(str(n), str(n)) for n in range(90))) for name in ("job", "pod")}
    panel = {"type": "stat", "repeat": "pod", "targets": [{"expr": "up"}], "gridPos": {**WIDE, "y": 1}}
    found = dashboard({"type": "row", "repeat": "job", "gridPos": {"y": 0}}, *([panel] * 10))
    assert sum(len(row.panels) for row in repeated(found.rows, many)) == MOST_PANELS
