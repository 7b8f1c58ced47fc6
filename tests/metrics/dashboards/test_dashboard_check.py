"""What `--check` finds, and the dashboard that comes along, for which it finds nothing."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from cockpit.config.dashboards import OWN
from cockpit.config.toml import shipped
from cockpit.metrics.dashboards.check import Finding, check
from cockpit.metrics.dashboards.choices import ask, options_of
from cockpit.metrics.dashboards.heat import buckets_of
from cockpit.metrics.dashboards.intervals import Window
from cockpit.metrics.dashboards.model import Dashboard, Kind, Panel
from cockpit.metrics.dashboards.questions import known, questions
from cockpit.metrics.dashboards.reading.dashboard import read_dashboard
from cockpit.metrics.dashboards.repeat import repeated
from cockpit.metrics.dashboards.series import Series, series_of
from cockpit.metrics.dashboards.tables import Table, table_of
from cockpit.metrics.dashboards.values import values_of
from cockpit.metrics.exposition.reader import Reader
from cockpit.metrics.labels import labels_of
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from cockpit.metrics.store import Store
from cockpit.simulator.app.metrics import AnalysisMetrics, RecallMetrics
from tests.metrics.dashboards.written import AT, dashboard

EVERY = 15_000
WINDOW = Window(AT - 900_000, AT, scrape=EVERY)


def findings(*panels: dict[str, Any], **more: Any) -> list[Finding]:
    """What is found in a dashboard with these panels."""
    return list(
        check(
            dashboard(
                *({"type": "stat", "title": "P", "targets": [{"expr": "up"}], **each} for each in panels), **more
            )
        )
    )


def test_nothing_is_found_in_a_good_dashboard() -> None:
    assert findings({"targets": [{"expr": "rate(a_total[$__rate_interval])"}]}) == []


def test_an_expression_that_no_engine_would_take() -> None:
    [found] = findings({"targets": [{"expr": "up"}, {"expr": "sum(rate(x[5m])"}]})
    assert (found.code, found.place, found.panel) == ("syntax", "panels[0].targets[1].expr", "P")
    assert found.expression == "sum(rate(x[5m])"
    assert found.position is not None
    assert found.message


@pytest.mark.parametrize(
    ("panel", "more", "code", "place", "message"),
    [
        ({"targets": [{"expr": 'up{a="$job"}'}]}, {}, "variable", "panels[0].targets[0].expr", "'job' is not in"),
        ({"repeat": "job"}, {}, "variable", "panels[0].repeat", "'job' is not in"),
        ({"type": "nodeGraph"}, {}, "lacks", "panels[0]", "lacks drawing a panel of type nodeGraph"),
        ({"timeShift": "a while"}, {}, "time", "panels[0].timeShift", "'a while' is no duration"),
        ({}, {"time": {"from": "yesterday"}}, "time", "time", "'yesterday' is no moment"),
        ({}, {"annotations": {"list": [{"name": "Deploys"}]}}, "lacks", "", "annotations: Deploys"),
        ({"gridPos": 5}, {}, "read", "", ""),
        (
            {"options": {"reduceOptions": {"calcs": ["nobody"]}}},
            {},
            "calculation",
            "panels[0]",
            "the calculation 'nobody' is not known",
        ),
        (
            {
                "fieldConfig": {
                    "overrides": [
                        {
                            "matcher": {"id": "byRegexp", "options": "/(?!a)/"},
                            "properties": [{"id": "unit", "value": "s"}],
                        }
                    ]
                }
            },
            {},
            "pattern",
            "panels[0]",
            "is no pattern of RE2",
        ),
        (
            {},
            {"templating": {"list": [{"name": "v", "type": "query", "query": "label_values(up{, a)"}]}},
            "syntax",
            "$v",
            "",
        ),
        (
            {},
            {"templating": {"list": [{"name": "v", "type": "query", "query": 'label_values(up{a="$w"}, a)'}]}},
            "variable",
            "$v",
            "'w' is not in",
        ),
        (
            {},
            {"templating": {"list": [{"name": "v", "type": "groupby"}]}},
            "lacks",
            "$v",
            "variables of type groupby",
        ),
    ],
)
def test_what_is_found(panel: dict[str, Any], more: dict[str, Any], code: str, place: str, message: str) -> None:
    found = findings(panel, **more)
    if code == "read":
        assert found == []
        return
    assert [(each.code, each.place) for each in found] == [(code, place)]
    assert message in found[0].message


def test_a_problem_of_the_reading_is_found() -> None:
    [found] = findings({"fieldConfig": {"defaults": {"min": "low"}}})
    assert (found.code, found.place) == ("read", "panels[0].fieldConfig.defaults.min")


def test_variables_without_a_value_do_not_make_an_expression_wrong() -> None:
    listed = [
        {"name": "job", "type": "query", "query": "label_values(job)"},
        {"name": "n", "type": "textbox", "query": "3"},
    ]
    good = ('topk($n, $job{a="$job"})', "rate(up[$job])", "topk($job, up)", "$job")
    assert findings({"targets": [{"expr": expression} for expression in good]}, templating={"list": listed}) == []
    [wrong] = findings({"targets": [{"expr": "rate($job["}]}, templating={"list": listed})
    assert (wrong.code, wrong.expression) == ("syntax", "rate(any[")


def test_a_hidden_target_is_not_looked_at() -> None:
    assert findings({"targets": [{"expr": "up"}, {"expr": "sum(", "hide": True}]}) == []


@pytest.fixture(scope="module")
def own() -> Dashboard:
    """The dashboard that comes along."""
    return read_dashboard(shipped(OWN).read_bytes())


def test_nothing_is_wrong_with_the_dashboard_that_comes_along(own: Dashboard) -> None:
    assert check(own) == ()
    titles = {panel.title for panel in own.panels}
    assert {"Success rate", "Cache hit rate", "Cache size", "Latency of an analysis", "Errors by type"} <= titles
    assert {panel.kind for panel in own.panels} == {
        *(Kind.GAUGE, Kind.STAT, Kind.TABLE, Kind.TIMESERIES, Kind.HEATMAP, Kind.BARGAUGE, Kind.PIECHART)
    }


@pytest.fixture(scope="module")
def store() -> Store:
    """A quarter of an hour of two revisions of the simulator's application: nine of ten analyses succeed."""
    columns: dict[Any, tuple[list[int], list[float]]] = {}
    for revision in ("stable", "canary"):
        registry = CollectorRegistry()
        analysis, recall, reader = AnalysisMetrics(registry), RecallMetrics(registry), Reader()
        for step, at in enumerate(range(AT - 900_000, AT + 1, EVERY)):
            _work(analysis, recall, step)
            exposed = reader.read(generate_latest(registry))
            for number, value in zip(exposed.ids.tolist(), exposed.values.tolist(), strict=True):
                labels = dict(exposed.table.labels[number]) | {"revision": revision, "instance": f"{revision}-1"}
                times, values = columns.setdefault(labels_of(labels), ([], []))
                times.append(at)
                values.append(value)
    filled = Store(3_600_000, 64 << 20)
    filled.load([(labels, times, values) for labels, (times, values) in columns.items()])
    return filled


def _work(analysis: AnalysisMetrics, recall: RecallMetrics, step: int) -> None:
    analysis.success.labels("neo").inc(9)
    analysis.failure.labels("neo", ("timeout", "rate_limit")[step % 2]).inc(1)
    analysis.cache_hits.inc(6)
    analysis.cache_misses.inc(4)
    analysis.cache_size.set(105)
    analysis.duration.labels("neo").observe(0.4 + step % 5)
    recall.similarity.observe(0.6 + step % 4 / 10)
    recall.detections.labels("u", "0.8-0.9").inc(2)


def test_every_question_of_it_is_answered_by_the_simulators_metrics(own: Dashboard, store: Store) -> None:
    variables = known(own, {}, {}, WINDOW)
    [revision] = [each for each in own.variables if each.name == "revision"]
    asked = ask(revision, variables, WINDOW)
    assert asked is not None
    options = options_of(revision, asked, evaluate_instant(asked.expression, store, AT))
    assert [option.value for option in options] == ["stable", "canary"]
    variables = known(own, {"revision": ["stable", "canary"]}, {"revision": options}, WINDOW)
    shown: dict[str, tuple[Panel, tuple[Series, ...]]] = {}
    table = Table(())
    for row in repeated(own.rows, variables):
        for panel in row.panels:
            answers = [
                (
                    each,
                    evaluate_instant(each.expression, store, each.end)
                    if each.instant
                    else evaluate_range(each.expression, store, each.start, each.end, each.step),
                )
                for each in questions(panel, WINDOW, variables)
            ]
            assert all(answer.samples or answer.lines for _, answer in answers), panel.title
            shown[panel.title] = panel, series_of(panel, answers, variables).series
            if panel.kind is Kind.TABLE:
                table = table_of(panel, answers, (), variables)
    texts = {title: [str(value.shown) for value in values_of(*pair)] for title, pair in shown.items()}
    assert [(column.name, str(column.cells[0])) for column in table.columns] == [
        ("Revision", "stable"),
        ("Analyses", "0.667 ops/s"),
        ("Success rate", "90.0%"),
        ("P50", "2.63 s"),
        ("P95", "4.76 s"),
        ("Cache hit rate", "60.0%"),
        ("Cache size", "105"),
    ]
    assert texts["Success rate"] == ["90.0%"]
    assert texts["Cache hit rate"] == ["60.0%"]
    assert texts["Cache size"] == ["210"]
    assert texts["Analyses"] == ["1.33 ops/s"]
    assert [series.name for series in shown["Latency of an analysis"][1]] == ["P50", "P95", "P99"]
    assert [series.name for series in shown["Errors by type"][1]] == ["rate_limit", "timeout"]
    assert [series.name for series in shown["P95 by revision"][1]] == ["canary", "stable"]
    assert buckets_of(*shown["Similarity of detections"]).names == ("0.50", "0.75", "0.80", "0.90", "1.00", "+Inf")
