"""Dashboard JSON as Grafana exports it, from the file to the model."""

from __future__ import annotations

import json
import math

import pytest

from cockpit.metrics.dashboards.errors import DashboardError
from cockpit.metrics.dashboards.fields import Match, Matcher, Step, Thresholds
from cockpit.metrics.dashboards.model import ALL, Grid, Hide, Kind, Option, Sort, TargetFormat, VariableKind
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
from cockpit.metrics.dashboards.reading import rows
from cockpit.metrics.dashboards.reading.dashboard import MOST_BYTES, read_dashboard
from tests.metrics.dashboards.written import dashboard, one


def test_what_a_dashboard_says_of_itself() -> None:
    found = dashboard(
        title="Orders",
        uid="abc",
        tags=["a", "b"],
        refresh="30s",
        timezone="utc",
        time={"from": "now-2d", "to": "now"},
    )
    assert (found.title, found.uid, found.tags, found.refresh_seconds) == ("Orders", "abc", ("a", "b"), 30.0)
    assert (found.time.start, found.time.end, found.time_zone, found.schema) == ("now-2d", "now", "utc", 39)
    assert (found.problems, found.missing, found.rows) == ((), (), ())


@pytest.mark.parametrize(
    "wrapped",
    [
        {"dashboard": {"title": "in", "panels": []}, "meta": {"slug": "in"}},
        {"__inputs": [], "__requires": [], "title": "in", "panels": []},
        {"kind": "Dashboard", "apiVersion": "dashboard.grafana.app/v1", "spec": {"title": "in", "panels": []}},
    ],
    ids=["as the API answers", "as it is exported for others", "as a resource"],
)
def test_the_envelopes_a_dashboard_comes_in(wrapped: dict[str, object]) -> None:
    assert read_dashboard(json.dumps(wrapped).encode()).title == "in"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b"[]", "it is no object"),
        (b'{"groups": []}', "neither panels nor rows"),
        (
            b'{"apiVersion": "dashboard.grafana.app/v2", "kind": "Dashboard", "spec": {"elements": {}}}',
            "schema v2",
        ),
        (b'{"elements": {}, "layout": {}}', "schema v2"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"panels": [' + b" " * MOST_BYTES + b"]}", "16 MiB"),
    ],
)
def test_what_is_no_dashboard_gets_one_line_and_a_mend(content: bytes, message: str) -> None:
    with pytest.raises(DashboardError, match=message) as caught:
        read_dashboard(content)
    assert "\n" not in str(caught.value)
    assert caught.value.mend


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_dashboard(b'\xef\xbb\xbf{"title": "t", "panels": []}').title == "t"


def test_a_target() -> None:
    panel = one(
        targets=[
            {
                "refId": "B",
                "expr": " up ",
                "legendFormat": "{{job}}",
                "instant": True,
                "format": "table",
                "hide": True,
            },
            {"expr": "down", "interval": "30s", "intervalFactor": 2, "range": True, "instant": True},
        ]
    )
    first, second = panel.targets
    assert (first.ref, first.expression, first.legend) == ("B", "up", "{{job}}")
    assert (first.instant, first.range, first.format, first.hidden) == (True, False, TargetFormat.TABLE, True)
    assert (second.ref, second.min_step, second.interval_factor) == ("B", "30s", 2)
    assert second.instant
    assert second.range
    assert first.place == "panels[0].targets[0].expr"


def test_a_target_that_was_never_filled_in_is_none() -> None:
    assert one(targets=[{"refId": "A", "expr": ""}]).targets == ()


FIELD = {
    "unit": "percentunit",
    "decimals": 2,
    "min": 0,
    "max": 1,
    "displayName": "rate",
    "noValue": "none yet",
    "color": {"mode": "fixed", "fixedColor": "dark-red"},
    "thresholds": {
        "mode": "percentage",
        "steps": [{"color": "red", "value": 80}, {"color": "green", "value": None}],
    },
    "custom": {
        "drawStyle": "bars",
        "fillOpacity": 40,
        "stacking": {"mode": "normal"},
        "transform": "negative-Y",
        "axisPlacement": "right",
        "spanNulls": True,
        "hideFrom": {"legend": True, "tooltip": False, "viz": False},
    },
}


def test_how_values_are_shown() -> None:
    field = one(fieldConfig={"defaults": FIELD, "overrides": []}).field
    assert (field.unit, field.decimals, field.minimum, field.maximum) == ("percentunit", 2, 0.0, 1.0)
    assert (field.display_name, field.no_value) == ("rate", "none yet")
    assert field.thresholds == Thresholds((Step(-math.inf, "green"), Step(80.0, "red")), percentage=True)
    assert field.colour is not None
    assert (field.colour.mode, field.colour.fixed) == ("fixed", "dark-red")
    style = field.style
    assert (style.draw, style.fill, style.stack) == ("bars", 40.0, "normal")
    assert (style.negative, style.right_axis, style.gaps) == (True, True, False)
    assert (style.hidden, style.unlisted) == (False, True)


def test_mappings_of_every_kind_and_of_grafana_7() -> None:
    mappings = [
        {"type": "value", "options": {"0": {"text": "down", "color": "red", "index": 0}, "1": {"text": "up"}}},
        {"type": "range", "options": {"from": 1, "to": None, "result": {"text": "many"}}},
        {"type": "regex", "options": {"pattern": "^a", "result": {"text": "A"}}},
        {"type": "special", "options": {"match": "null", "result": {"text": "none"}}},
        {"id": 1, "type": 1, "value": "2", "text": "two"},
        {"id": 2, "type": 2, "from": "3", "to": "4", "text": "some"},
        {"id": 3, "type": 1, "value": "null", "text": "N/A"},
    ]
    found = one(fieldConfig={"defaults": {"mappings": mappings}}).field.mappings or ()
    kinds = [
        Match.VALUE,
        Match.VALUE,
        Match.RANGE,
        Match.REGEX,
        Match.SPECIAL,
        Match.VALUE,
        Match.RANGE,
        Match.SPECIAL,
    ]
    assert [each.match for each in found] == kinds
    assert [each.shown for each in found] == ["down", "up", "many", "A", "none", "two", "some", "N/A"]
    assert (found[0].colour, found[2].start, found[2].end, found[6].end) == ("red", 1.0, None, 4.0)


def test_overrides_and_the_matchers_that_are_not_known() -> None:
    def override(matcher: str, options: object) -> dict[str, object]:
        return {"matcher": {"id": matcher, "options": options}, "properties": [{"id": "unit", "value": "s"}]}

    panel = one(
        fieldConfig={
            "overrides": [
                override("byName", "a"),
                override("byRegexp", "/b.*/"),
                override("byFrameRefID", "C"),
                override("byNames", {"mode": "exclude", "names": ["d", "e"]}),
                override("byType", "time"),
                override("byValue", {"op": "gte"}),
                {"matcher": {"id": "byName", "options": "f"}, "properties": []},
            ]
        }
    )
    assert [(each.matcher, each.named, each.exclude) for each in panel.overrides] == [
        (Matcher.NAME, ("a",), False),
        (Matcher.REGEX, ("/b.*/",), False),
        (Matcher.REF, ("C",), False),
        (Matcher.NAMES, ("d", "e"), True),
        (Matcher.TYPE, ("time",), False),
    ]
    assert all(each.field.unit == "s" for each in panel.overrides)
    assert panel.missing == ("overrides that are matched byValue",)


@pytest.mark.parametrize(
    ("kind", "written", "options"),
    [
        (
            "timeseries",
            {
                "fieldConfig": {
                    "defaults": {
                        "custom": {
                            "scaleDistribution": {"type": "log", "log": 2},
                            "thresholdsStyle": {"mode": "line"},
                            "axisSoftMin": 0,
                            "axisLabel": "s",
                        }
                    }
                }
            },
            TimeseriesOptions(2, "line", 0.0, None, "s"),
        ),
        (
            "stat",
            {"options": {"graphMode": "none", "colorMode": "background", "textMode": "name"}},
            StatOptions(graph=False, colour="background", text="name"),
        ),
        (
            "gauge",
            {"options": {"showThresholdLabels": True, "showThresholdMarkers": False}},
            GaugeOptions(False, True),
        ),
        (
            "bargauge",
            {"options": {"orientation": "horizontal", "displayMode": "lcd"}},
            BarGaugeOptions(True, "lcd"),
        ),
        (
            "table",
            {
                "options": {
                    "sortBy": [{"displayName": "Value", "desc": True}],
                    "footer": {"show": True, "reducer": ["sum"]},
                }
            },
            TableOptions((("Value", True),), True, ("sum",)),
        ),
        (
            "piechart",
            {"options": {"pieType": "donut", "displayLabels": ["name"], "legend": {"values": ["percent"]}}},
            PieOptions(True, ("name",), ("percent",)),
        ),
        (
            "heatmap",
            {
                "options": {
                    "calculate": True,
                    "yAxis": {"unit": "s", "decimals": 1},
                    "color": {"scheme": "Blues", "reverse": True},
                    "rowsFrame": {"layout": "ge"},
                }
            },
            HeatmapOptions(False, "s", 1, "Blues", True, False),
        ),
        (
            "heatmap",
            {"dataFormat": "tsbuckets", "yAxis": {"format": "ms"}, "color": {"colorScheme": "interpolateOranges"}},
            HeatmapOptions(True, "ms", None, "interpolateOranges"),
        ),
        ("text", {"options": {"content": "# hi", "mode": "markdown"}}, TextOptions("# hi")),
        ("text", {"content": "<b>hi</b>", "mode": "html"}, TextOptions("<b>hi</b>", "html")),
    ],
)
def test_what_only_one_kind_of_panel_has(kind: str, written: dict[str, object], options: object) -> None:
    panel = one(kind, **written)
    assert panel.kind is Kind(kind)
    assert panel.options == options
    assert panel.missing == ()


def test_reduce_and_legend() -> None:
    panel = one(
        "stat",
        options={
            "reduceOptions": {"calcs": ["max"], "values": True, "limit": 5, "fields": "/.*/"},
            "legend": {"displayMode": "table", "placement": "right", "calcs": ["mean"]},
        },
    )
    assert (panel.reduce.calcs, panel.reduce.values, panel.reduce.limit) == (("max",), True, 5)
    assert panel.reduce.fields == "/.*/"
    assert (panel.legend.shown, panel.legend.table, panel.legend.right) == (True, True, True)
    assert panel.legend.calcs == ("mean",)
    assert not one(options={"legend": {"showLegend": False}}).legend.shown


def test_what_stood_in_field_options_before_grafana_7() -> None:
    old = {"calcs": ["mean"], "defaults": {"unit": "s", "max": 5}, "overrides": [], "values": False}
    panel = one("gauge", options={"fieldOptions": old})
    assert (panel.field.unit, panel.field.maximum, panel.reduce.calcs) == ("s", 5.0, ("mean",))


def test_what_a_panel_lacks_is_said_in_words() -> None:
    other = {"type": "loki", "uid": "x"}
    library = {"type": "timeseries", "libraryPanel": {"uid": "u", "name": "CPU"}, "targets": [{"expr": "up"}]}
    cases = {
        "data from loki": {"type": "timeseries", "targets": [{"expr": "{a=1}", "datasource": other}]},
        "data from influxdb": {
            "type": "stat",
            "datasource": {"type": "influxdb"},
            "targets": [{"query": "SELECT"}],
        },
        "a question that is not PromQL": {"type": "stat", "targets": [{"rawSql": "SELECT 1"}]},
        "an expression that Grafana's server evaluates": {
            "type": "stat",
            "targets": [
                {"refId": "B", "datasource": {"type": "__expr__", "uid": "__expr__"}, "expression": "$A*2"}
            ],
        },
        "the data of another panel": {
            "type": "stat",
            "datasource": {"type": "datasource", "uid": "-- Dashboard --"},
            "targets": [{"panelId": 2, "refId": "A"}],
        },
        "drawing a panel of type nodeGraph": {"type": "nodeGraph", "targets": [{"expr": "up"}]},
        "transformations: rowsToFields": {
            "type": "table",
            "targets": [{"expr": "up"}],
            "transformations": [{"id": "merge"}, {"id": "rowsToFields"}, {"id": "reduce", "disabled": True}],
        },
        "transformations: merge, organize": {
            "type": "timeseries",
            "targets": [{"expr": "up"}],
            "transformations": [{"id": "merge"}, {"id": "organize"}],
        },
        "its definition, the library panel 'CPU'": library,
        "a question: it has no targets": {"type": "stat"},
        "a text: it is empty": {"type": "text"},
    }
    found = dashboard(*cases.values())
    assert [panel.missing for panel in found.panels] == [(words,) for words in cases]
    assert found.problems == ()


@pytest.mark.parametrize(("name", "kind"), [("barchart", Kind.BARGAUGE), ("state-timeline", Kind.TIMESERIES)])
def test_what_cannot_be_drawn_may_have_a_stand_in(name: str, kind: Kind) -> None:
    panel = one(name)
    assert (panel.kind, panel.type_name) == (kind, name)
    assert panel.missing == (f"drawing a panel of type {name}: a {kind.value} stands in",)


def test_the_good_questions_of_a_mixed_panel_are_asked() -> None:
    panel = one(
        datasource={"uid": "-- Mixed --"},
        targets=[{"expr": "up"}, {"expr": "x", "datasource": {"type": "loki"}}],
    )
    assert [target.missing for target in panel.targets] == ["", "data from loki"]
    assert panel.missing == ("data from loki",)


@pytest.mark.parametrize(
    "source",
    [
        None,
        "Prometheus",
        "${DS_PROMETHEUS}",
        "$ds",
        "[[ds]]",
        {"uid": "${ds}"},
        {"type": "prometheus", "uid": "P1"},
        {"type": "grafana-amazonprometheus-datasource", "uid": "x"},
        {"type": "victoriametrics-metrics-datasource", "uid": "x"},
    ],
)
def test_data_sources_that_answer_promql(source: object) -> None:
    [panel] = dashboard(
        {"type": "stat", "datasource": source, "targets": [{"expr": "up"}]},
        templating={"list": [{"name": "ds", "type": "datasource", "query": "prometheus"}]},
        __inputs=[{"name": "DS_PROMETHEUS", "type": "datasource", "pluginId": "prometheus"}],
    ).panels
    assert panel.missing == ()


def test_an_input_or_a_variable_of_another_kind_of_data_source() -> None:
    found = dashboard(
        {"type": "stat", "datasource": "${DS_LOKI}", "targets": [{"expr": "x"}]},
        {"type": "stat", "datasource": {"uid": "$logs"}, "targets": [{"expr": "x"}]},
        templating={"list": [{"name": "logs", "type": "datasource", "query": "loki"}]},
        __inputs=[{"name": "DS_LOKI", "type": "datasource", "pluginId": "loki"}],
    )
    assert [panel.missing for panel in found.panels] == [("data from loki",)] * 2
    assert found.variables[0].missing == "data from loki"


def test_a_library_panel_that_came_along_is_read() -> None:
    model = {"type": "gauge", "title": "from the library", "targets": [{"expr": "up"}]}
    [panel] = dashboard(
        {"id": 7, "gridPos": {"x": 4, "w": 3}, "libraryPanel": {"uid": "u", "name": "n"}},
        __elements={"u": {"uid": "u", "name": "n", "kind": 1, "model": model}},
    ).panels
    assert (panel.id, panel.kind, panel.title, panel.missing) == (7, Kind.GAUGE, "from the library", ())
    assert panel.grid == Grid(4, 0, 3, 8)


def test_annotations_are_said_to_be_missing() -> None:
    listed = [
        {"name": "Annotations & Alerts", "builtIn": 1},
        {"name": "Deploys"},
        {"name": "off", "enable": False},
    ]
    assert dashboard(annotations={"list": listed}).missing == ("annotations: Deploys",)


def test_variables_of_every_kind() -> None:
    listed = [
        {
            "name": "job",
            "label": "Job",
            "type": "query",
            "query": {"query": "label_values(up, job)", "refId": "x"},
            "regex": "/a.*/",
            "sort": 4,
            "multi": True,
            "includeAll": True,
            "allValue": ".+",
            "current": {"text": "All", "value": ["$__all"]},
            "options": [{"text": "All", "value": "$__all"}, {"text": "a", "value": "a"}],
        },
        {"name": "env", "type": "custom", "query": "prod, Staging : stage, a\\,b"},
        {"name": "k", "type": "constant", "query": "7", "hide": 2},
        {
            "name": "every",
            "type": "interval",
            "query": "1m,\"5m\",'1h'",
            "auto": True,
            "auto_count": 10,
            "auto_min": "1m",
        },
        {"name": "q", "type": "textbox", "query": "hello"},
        {"name": "ds", "type": "datasource", "query": "prometheus", "current": {"text": "P", "value": "P"}},
        {"name": "f", "type": "adhoc", "filters": [{"key": "a", "operator": "=", "value": "b"}]},
        {"name": "old", "type": "query", "query": "", "definition": "label_names()", "current": {"text": "All"}},
        {"name": "c", "type": "constant", "query": "${VAR_C}"},
    ]
    inputs = [{"name": "VAR_C", "type": "constant", "value": "from outside"}]
    found = {each.name: each for each in dashboard(templating={"list": listed}, __inputs=inputs).variables}
    job = found["job"]
    assert (job.kind, job.title, job.query, job.regex) == (
        VariableKind.QUERY,
        "Job",
        "label_values(up, job)",
        "/a.*/",
    )
    assert (job.multi, job.include_all, job.all_value, job.current) == (True, True, ".+", (ALL,))
    assert (job.options, job.sort) == ((Option("a", "a"),), Sort("number", True))
    env = found["env"]
    assert env.options == (Option("prod", "prod"), Option("Staging", "stage"), Option("a,b", "a,b"))
    assert env.current == ("prod",)
    assert (found["k"].options, found["k"].hide) == ((Option("7", "7"),), Hide.VARIABLE)
    every = found["every"]
    assert ([option.value for option in every.options], every.auto, every.auto_min) == (
        ["1m", "5m", "1h"],
        10,
        "1m",
    )
    assert found["q"].current == ("hello",)
    assert found["f"].missing
    assert (found["old"].query, found["old"].current) == ("label_names()", (ALL,))
    assert found["c"].current == ("from outside",)


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


def test_one_bad_part_leaves_the_others() -> None:
    found = dashboard(
        "no panel",
        {
            "type": "stat",
            "title": 7,
            "targets": "none",
            "gridPos": [],
            "fieldConfig": {"defaults": {"decimals": "x"}},
        },
        {"type": "stat", "title": "good", "targets": [{"expr": "up"}]},
        templating={"list": [{"type": "query"}, {"name": "a"}, {"name": "a"}, 5]},
        refresh="often",
    )
    assert [panel.title for panel in found.panels] == ["7", "good"]
    assert [variable.name for variable in found.variables] == ["a"]
    assert {problem.place: problem.message for problem in found.problems} == {
        "panels[0]": "'no panel' is not an object",
        "panels[1].targets": "'none' is not a list",
        "panels[1].fieldConfig.defaults.decimals": "'x' is not a number",
        "templating.list[0]": "a variable without a name",
        "templating.list[2]": "the variable 'a' is in this file already",
        "templating.list[3]": "5 is not an object",
        "refresh": "'often' is not a duration, as 30s",
    }
    assert all(problem.mend for problem in found.problems)


def test_a_hostile_size_is_bounded_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_PANELS", 10)
    found = dashboard(*({"type": "text", "content": "x"} for _ in range(15)))
    assert len(found.panels) == 10
    assert "more than 10 panels" in found.problems[0].message


def test_from_the_two_hundredth_on_problems_are_counted() -> None:
    found = dashboard(*(7 for _ in range(1000)))
    assert len(found.problems) == 201
    assert str(found.problems[-1]) == "and 800 more problems"
