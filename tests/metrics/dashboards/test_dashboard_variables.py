"""The template variables of a dashboard's JSON."""

from __future__ import annotations

from cockpit.metrics.dashboards.model import ALL, Hide, Option, Sort, VariableKind
from tests.metrics.dashboards.written import dashboard


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


def test_an_input_or_a_variable_of_another_kind_of_data_source() -> None:
    found = dashboard(
        {"type": "stat", "datasource": "${DS_LOKI}", "targets": [{"expr": "x"}]},
        {"type": "stat", "datasource": {"uid": "$logs"}, "targets": [{"expr": "x"}]},
        templating={"list": [{"name": "logs", "type": "datasource", "query": "loki"}]},
        __inputs=[{"name": "DS_LOKI", "type": "datasource", "pluginId": "loki"}],
    )
    assert [panel.missing for panel in found.panels] == [("data from loki",)] * 2
    assert found.variables[0].missing == "data from loki"
