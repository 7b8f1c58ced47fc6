"""Panels of today's Grafana, out of their JSON: questions, how values are shown, options, and what they lack."""

from __future__ import annotations

import math

import pytest

from cockpit.metrics.dashboards.fields import Match, Matcher, Step, Thresholds
from cockpit.metrics.dashboards.model import Kind, TargetFormat
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
from tests.metrics.dashboards.written import dashboard, one


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
        ("heatmap", {"options": {"yAxis": {"decimals": 1e12}}}, HeatmapOptions(decimals=15)),
        ("heatmap", {"options": {"yAxis": {"decimals": -3}}}, HeatmapOptions(decimals=0)),
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
