"""Panels of Grafana 4 to 7, as they are read today."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from cockpit.metrics.dashboards.fields import Match, Matcher, Step, Thresholds
from cockpit.metrics.dashboards.model import Grid, Kind
from cockpit.metrics.dashboards.options import GaugeOptions, StatOptions, TableOptions, TimeseriesOptions
from cockpit.metrics.dashboards.reading.dashboard import read_dashboard
from tests.metrics.dashboards.written import one


def test_a_graph_is_a_time_series_panel() -> None:
    panel = one(
        "graph",
        bars=False,
        lines=True,
        fill=3,
        stack=True,
        percentage=True,
        decimals=1,
        nullPointMode="connected",
        aliasColors={"errors": "#BF1B00"},
        yaxes=[{"format": "s", "min": "0", "max": None, "logBase": 10, "label": "time"}, {"format": "percent"}],
        xaxis={"mode": "time"},
        thresholds=[{"value": 5, "op": "gt", "colorMode": "critical", "line": True}],
        legend={
            "show": True,
            "values": True,
            "current": True,
            "avg": True,
            "alignAsTable": True,
            "rightSide": True,
        },
        seriesOverrides=[
            {"alias": "/rate.*/", "yaxis": 2, "fill": 0, "color": "red"},
            {"alias": "out", "transform": "negative-Y", "stack": False, "legend": False},
            {"bars": True},
        ],
    )
    assert (panel.kind, panel.type_name, panel.missing) == (Kind.TIMESERIES, "graph", ())
    assert (panel.field.unit, panel.field.minimum, panel.field.maximum, panel.field.decimals) == (
        "s",
        0.0,
        None,
        1,
    )
    style = panel.field.style
    assert (style.draw, style.stack, style.fill, style.gaps) == ("line", "percent", 30.0, False)
    assert panel.field.thresholds == Thresholds((Step(5.0, "red"),))
    assert panel.options == TimeseriesOptions(log_base=10, thresholds="line", axis_label="time")
    assert (panel.legend.calcs, panel.legend.table, panel.legend.right) == (("lastNotNull", "mean"), True, True)
    colour, rate, out = panel.overrides
    assert (colour.matcher, colour.named) == (Matcher.NAME, ("errors",))
    assert colour.field.colour is not None
    assert colour.field.colour.fixed == "#BF1B00"
    assert (rate.matcher, rate.field.unit, rate.field.style.right_axis) == (Matcher.REGEX, "percent", True)
    assert (out.field.style.negative, out.field.style.stack, out.field.style.unlisted) == (True, "none", True)


@pytest.mark.parametrize(
    ("written", "draw"),
    [({}, "line"), ({"bars": True}, "bars"), ({"lines": False, "points": True}, "points")],
)
def test_how_a_graph_is_drawn(written: dict[str, Any], draw: str) -> None:
    assert one("graph", **written).field.style.draw == draw


def test_a_threshold_below_which_a_graph_is_bad() -> None:
    steps = one("graph", thresholds=[{"value": 3, "op": "lt", "colorMode": "warning"}]).field.thresholds
    assert steps == Thresholds((Step(-math.inf, "orange"), Step(3.0, "")))


def test_a_graph_over_something_else_than_time_says_so() -> None:
    assert one("graph", xaxis={"mode": "histogram"}).missing == ("an axis of histogram in place of time",)


SINGLE = {
    "format": "percentunit",
    "decimals": 1,
    "valueName": "current",
    "thresholds": "0.5, 0.9",
    "colors": ["red", "orange", "green"],
    "colorValue": True,
    "sparkline": {"show": True},
    "prefix": "~",
    "postfix": "!",
    "mappingType": 1,
    "valueMaps": [{"op": "=", "value": "null", "text": "N/A"}, {"op": "=", "value": "1", "text": "all"}],
    "nullText": "nothing",
}


def test_a_singlestat_is_a_stat() -> None:
    panel = one("singlestat", **SINGLE)
    assert (panel.kind, panel.reduce.calcs, panel.missing) == (Kind.STAT, ("lastNotNull",), ())
    assert panel.options == StatOptions(graph=True, colour="value", text="value", prefix="~", postfix="!")
    field = panel.field
    assert (field.unit, field.decimals, field.no_value) == ("percentunit", 1, "nothing")
    assert field.thresholds == Thresholds((Step(-math.inf, "red"), Step(0.5, "orange"), Step(0.9, "green")))
    assert [(each.match, each.shown) for each in field.mappings or ()] == [
        (Match.SPECIAL, "N/A"),
        (Match.VALUE, "all"),
    ]


def test_a_singlestat_that_showed_a_gauge_is_one() -> None:
    gauge = {"show": True, "minValue": 0, "maxValue": 5, "thresholdLabels": True}
    panel = one("singlestat", **{**SINGLE, "gauge": gauge})
    assert (panel.kind, panel.field.minimum, panel.field.maximum) == (Kind.GAUGE, 0.0, 5.0)
    assert panel.options == GaugeOptions(markers=True, labels=True)


@pytest.mark.parametrize(
    ("name", "calc"),
    [("avg", "mean"), ("total", "sum"), ("min", "min"), ("first", "firstNotNull"), ("delta", "delta")],
)
def test_what_a_singlestat_made_of_its_values(name: str, calc: str) -> None:
    assert one("singlestat", valueName=name).reduce.calcs == (calc,)


def test_a_singlestat_of_the_time_of_its_last_value_says_what_it_lacks() -> None:
    assert one("singlestat", valueName="last_time").missing == ("the time of the last value in place of a value",)


def test_ranges_of_a_singlestat() -> None:
    ranges = [{"from": "0", "to": "1", "text": "few"}, {"from": "null", "to": "null", "text": "N/A"}]
    found = one("singlestat", mappingType=2, rangeMaps=ranges).field.mappings or ()
    assert [(each.match, each.start, each.end) for each in found] == [
        (Match.RANGE, 0.0, 1.0),
        (Match.SPECIAL, None, None),
    ]


def test_thresholds_that_are_no_numbers_are_a_problem() -> None:
    found = read_dashboard(
        json.dumps({"panels": [{"type": "singlestat", "thresholds": "a,b", "targets": [{"expr": "up"}]}]}).encode()
    )
    [problem] = found.problems
    assert str(problem) == "panels[0].thresholds: 'a,b' is not numbers with commas between them"
    assert found.panels[0].field.thresholds is None


def test_the_styles_of_an_old_table_are_overrides() -> None:
    panel = one(
        "table",
        transform="timeseries_aggregations",
        columns=[{"text": "Avg", "value": "avg"}, {"text": "Max", "value": "max"}],
        sort={"col": 1, "desc": True},
        styles=[
            {"pattern": "Time", "type": "date", "alias": "When"},
            {"pattern": "/job|pod/", "type": "hidden"},
            {
                "pattern": "Value",
                "type": "number",
                "unit": "s",
                "decimals": 2,
                "colorMode": "cell",
                "thresholds": ["1", "2"],
                "colors": ["green", "orange", "red"],
            },
            {"pattern": "/.*/", "type": "number", "unit": "short"},
        ],
    )
    assert (panel.kind, panel.missing, panel.field.unit) == (Kind.TABLE, (), "short")
    assert panel.options == TableOptions((("Max", True),))
    when, hidden, value = panel.overrides
    assert (when.field.unit, when.field.display_name) == ("dateTimeAsIso", "When")
    assert (hidden.matcher, hidden.field.style.hidden) == (Matcher.REGEX, True)
    assert value.field.thresholds == Thresholds((Step(-math.inf, "green"), Step(1.0, "orange"), Step(2.0, "red")))


def test_rows_an_old_table_made_in_another_way_are_missing() -> None:
    assert one("table-old", styles=[], transform="annotations").missing == ("rows made by annotations",)


def old(*rows: dict[str, Any]) -> dict[str, Any]:
    """A dashboard of Grafana 4."""
    return {"title": "old", "schemaVersion": 14, "rows": list(rows)}


def old_panel(title: str, span: int, **more: Any) -> dict[str, Any]:
    """A panel of Grafana 4."""
    return {"type": "graph", "title": title, "span": span, "targets": [{"expr": "up"}], **more}


def test_rows_of_grafana_4_flow_into_the_grid() -> None:
    rows: list[dict[str, Any]] = [
        {"height": "380px", "panels": [old_panel("a", 4), old_panel("b", 8), old_panel("c", 6, height=76)]},
        {"panels": [old_panel("d", 12)]},
    ]
    found = read_dashboard(json.dumps(old(*rows)).encode())
    [row] = found.rows
    assert not row.headed
    assert {panel.title: panel.grid for panel in row.panels} == {
        "a": Grid(0, 0, 8, 10),
        "b": Grid(8, 0, 16, 10),
        "c": Grid(0, 10, 12, 3),
        "d": Grid(0, 13, 24, 7),
    }


def test_rows_of_grafana_4_with_titles_are_rows() -> None:
    rows = [
        {"title": "one", "showTitle": True, "panels": [old_panel("a", 12)]},
        {"title": "two", "collapse": True, "repeat": "job", "panels": [old_panel("b", 12)]},
    ]
    found = read_dashboard(json.dumps(old(*rows)).encode())
    assert [(row.title, row.headed, row.collapsed, len(row.panels)) for row in found.rows] == [
        ("one", True, False, 1),
        ("two", True, True, 1),
    ]
    assert found.rows[1].panels[0].grid.y == 0
