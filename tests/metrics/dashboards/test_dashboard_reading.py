"""Dashboard JSON as Grafana exports it, from the file to the model."""

from __future__ import annotations

import json

import pytest

from cockpit.metrics.dashboards.errors import DashboardError
from cockpit.metrics.dashboards.model import Grid, Kind
from cockpit.metrics.dashboards.reading import rows
from cockpit.metrics.dashboards.reading.dashboard import MOST_BYTES, read_dashboard
from tests.metrics.dashboards.written import dashboard


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
