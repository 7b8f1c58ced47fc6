"""Whatever a file says in any place: problems beside what could be read, and never an error."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.metrics.dashboards.check import check
from cockpit.metrics.dashboards.errors import DashboardError
from cockpit.metrics.dashboards.intervals import Window
from cockpit.metrics.dashboards.questions import known, questions
from cockpit.metrics.dashboards.reading.dashboard import read_dashboard
from cockpit.metrics.dashboards.repeat import repeated
from cockpit.metrics.dashboards.series import series_of
from cockpit.metrics.dashboards.tables import table_of
from cockpit.metrics.dashboards.values import values_of
from tests.metrics.dashboards.written import AT, matrix, vector

GRAPH = {
    "type": "graph",
    "title": "Old",
    "span": 6,
    "height": "250px",
    "yaxes": [{"format": "s", "min": "0", "logBase": 10}, {"format": "percent"}],
    "thresholds": [{"value": 5, "op": "gt", "colorMode": "critical"}],
    "seriesOverrides": [{"alias": "/a/", "yaxis": 2, "fill": 3}],
    "aliasColors": {"a": "red"},
    "legend": {"show": True, "values": True, "max": True},
    "targets": [{"refId": "A", "expr": 'up{a=~"$job"}', "legendFormat": "{{a}}", "interval": "30s"}],
}
SINGLE = {
    "type": "singlestat",
    "valueName": "max",
    "thresholds": "1,2",
    "colors": ["red", "blue", "green"],
    "gauge": {"show": True, "maxValue": 5},
    "valueMaps": [{"value": "null", "text": "none"}],
    "targets": [{"expr": "up"}],
}
TABLE = {
    "type": "table",
    "repeat": "job",
    "gridPos": {"x": 0, "y": 0, "w": 12, "h": 4},
    "maxPerRow": 2,
    "fieldConfig": {
        "defaults": {
            "unit": "s",
            "decimals": 1,
            "thresholds": {"mode": "percentage", "steps": [{"value": None, "color": "red"}]},
            "mappings": [{"type": "range", "options": {"from": 1, "to": 2, "result": {"text": "x"}}}],
            "custom": {"stacking": {"mode": "normal"}, "hideFrom": {"viz": False}},
        },
        "overrides": [
            {"matcher": {"id": "byRegexp", "options": "/a/"}, "properties": [{"id": "unit", "value": "B"}]}
        ],
    },
    "options": {
        "sortBy": [{"displayName": "Value", "desc": True}],
        "reduceOptions": {"calcs": ["max"], "limit": 3},
    },
    "targets": [{"expr": "rate(a[$__rate_interval])", "format": "table", "instant": True}],
    "transformations": [
        {"id": "joinByField", "options": {"byField": "a", "mode": "outer"}},
        {"id": "groupBy", "options": {"fields": {"a": {"operation": "groupby"}}}},
        {
            "id": "calculateField",
            "options": {"mode": "binary", "binary": {"left": "Value", "operator": "/", "right": "0"}},
        },
        {
            "id": "organize",
            "options": {"excludeByName": {"a": True}, "indexByName": {"b": 1}, "renameByName": {"c": "d"}},
        },
        {"id": "filterFieldsByName", "options": {"include": {"names": ["a"], "pattern": "/a/"}}},
        {"id": "sortBy", "options": {"sort": [{"field": "a", "desc": True}]}},
        {"id": "limit", "options": {"limitField": 2}},
    ],
}
VARIABLES = [
    {"name": "job", "type": "query", "query": {"query": "label_values(up, job)"}, "regex": "/a/", "multi": True},
    {"name": "n", "type": "interval", "query": "1m,5m", "auto": True, "auto_count": 5, "current": {"value": "5m"}},
]
SHARED = {
    "title": "d",
    "refresh": "5s",
    "time": {"from": "now-1h", "to": "now"},
    "templating": {"list": VARIABLES},
}
WHOLE: tuple[dict[str, Any], ...] = (
    {**SHARED, "panels": [TABLE, {"type": "row", "collapsed": True, "panels": [SINGLE, GRAPH]}]},
    {**SHARED, "rows": [{"title": "r", "showTitle": True, "height": 250, "panels": [GRAPH, SINGLE]}]},
)
OTHERS: tuple[object, ...] = (
    None,
    True,
    -1,
    10**30,
    1e300,
    0.5,
    "",
    "x",
    "$job",
    "/(/",
    "(",
    "\x1b[2J\n",
    [],
    {},
    ["a", 1],
    {"a": {}},
)
ANSWERS = (matrix(({"a": "1"}, [1.0, 2.0]), ({"a": "2", "le": "+Inf"}, [3.0, 4.0])), vector(({"a": "1"}, 5.0)))


def places(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all parts of a tree."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


def changed(tree: Any, path: tuple[str | int, ...], value: object) -> Any:
    """The tree with another value in one place."""
    if not path:
        return value
    copy: Any = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = changed(tree[path[0]], path[1:], value)
    return copy


CHANGES = [(tree, path) for tree in WHOLE for path in places(tree) if path]


@settings(max_examples=40)
@given(st.sampled_from(CHANGES), st.sampled_from(OTHERS))
def test_any_part_may_be_anything(change: tuple[dict[str, Any], tuple[str | int, ...]], value: object) -> None:
    found = read_dashboard(msgspec.json.encode(changed(*change, value)))
    assert all("\n" not in problem.message for problem in found.problems)
    window = Window(AT - 3_600_000, AT)
    variables = known(found, {"job": ["a", "b"]}, {}, window)
    for row in repeated(found.rows, variables):
        for panel in row.panels:
            answers = [(each, ANSWERS[each.instant]) for each in questions(panel, window, variables)]
            series = series_of(panel, answers, variables).series
            assert len({len(column.cells) for column in table_of(panel, answers, series, variables).columns}) <= 1
            assert all(isinstance(str(each.shown), str) for each in values_of(panel, series))
    assert all(finding.code for finding in check(found))


@pytest.mark.parametrize("content", [b"null", b"1e999", b'"panels"', b'{"a": 1}', b"\x00"])
def test_other_things_than_dashboards(content: bytes) -> None:
    with pytest.raises(DashboardError):
        read_dashboard(content)
