"""Where a dashboard's JSON puts its panels: rows, the grid, and copies of repeated panels."""

from __future__ import annotations

from cockpit.metrics.dashboards.model import Grid
from tests.metrics.dashboards.written import dashboard


def test_rows_hold_the_panels_behind_them_or_in_them() -> None:
    found = dashboard(
        {
            "type": "stat",
            "title": "top",
            "targets": [{"expr": "up"}],
            "gridPos": {"x": 0, "y": 0, "w": 24, "h": 4},
        },
        {"type": "row", "title": "open", "gridPos": {"y": 4, "h": 1}, "panels": []},
        {"type": "stat", "title": "b", "targets": [{"expr": "up"}], "gridPos": {"x": 12, "y": 5, "w": 12, "h": 6}},
        {"type": "stat", "title": "a", "targets": [{"expr": "up"}], "gridPos": {"x": 0, "y": 5, "w": 12, "h": 6}},
        {
            "type": "row",
            "title": "shut",
            "collapsed": True,
            "repeat": "job",
            "gridPos": {"y": 11, "h": 1},
            "panels": [
                {"type": "stat", "title": "in", "targets": [{"expr": "up"}], "gridPos": {"y": 40, "w": 6, "h": 3}}
            ],
        },
    )
    top, opened, shut = found.rows
    assert (top.headed, [panel.title for panel in top.panels], top.height) == (False, ["top"], 4)
    assert (opened.title, opened.collapsed, [panel.title for panel in opened.panels]) == (
        "open",
        False,
        ["a", "b"],
    )
    assert [panel.grid for panel in opened.panels] == [Grid(0, 0, 12, 6), Grid(12, 0, 12, 6)]
    assert (shut.collapsed, shut.panels[0].title, shut.panels[0].grid.y) == (True, "in", 0)
    assert shut.repeat is not None
    assert shut.repeat.variable == "job"


def test_panels_do_not_lie_over_one_another_or_outside_the_grid() -> None:
    grids = [
        {"x": 0, "y": 0, "w": 20, "h": 5},
        {"x": 10, "y": 2, "w": 30, "h": 5},
        {"x": -5, "y": 90, "w": 0, "h": -1},
    ]
    found = dashboard(*({"type": "stat", "targets": [{"expr": "up"}], "gridPos": grid} for grid in grids))
    assert [panel.grid for panel in found.panels] == [Grid(0, 0, 20, 5), Grid(0, 5, 24, 5), Grid(0, 10, 1, 1)]


def test_panels_without_a_place_stand_below_one_another() -> None:
    found = dashboard(*({"type": "stat", "targets": [{"expr": "up"}]} for _ in range(2)))
    assert [panel.grid.y for panel in found.panels] == [0, 8]


def test_copies_of_repeated_panels_are_made_anew() -> None:
    source = {"id": 1, "type": "stat", "repeat": "job", "targets": [{"expr": "up"}]}
    copy = {"id": 2, "type": "stat", "repeatPanelId": 1, "targets": [{"expr": "up"}]}
    orphan = {"id": 3, "type": "stat", "repeatPanelId": 9, "targets": [{"expr": "up"}]}
    of_row = {"id": 4, "type": "stat", "repeatPanelId": 3, "repeatedByRow": True, "targets": [{"expr": "up"}]}
    assert [panel.id for panel in dashboard(source, copy, orphan, of_row).panels] == [1, 3]


def test_where_some_have_no_place_the_order_is_that_of_the_file() -> None:
    found = dashboard(
        {"type": "row", "title": "first"},
        {"type": "stat", "title": "low", "targets": [{"expr": "up"}], "gridPos": {"y": 9}},
        {"type": "row", "title": "second"},
    )
    assert [(row.title, len(row.panels)) for row in found.rows] == [("first", 1), ("second", 0)]
