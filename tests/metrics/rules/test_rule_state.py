"""How alerts go from state to state, on samples and the cockpit's own evaluator."""

from __future__ import annotations

import math

import pytest

from cockpit.metrics.alerts import AlertState
from cockpit.metrics.engine import Answer, QueryError, ResultKind, Sample
from cockpit.metrics.labels import labels_of
from cockpit.metrics.rules.model import AlertRule, Group, Place, RecordRule
from cockpit.metrics.rules.state import FORGOTTEN_SECONDS, RuleBook, newly_firing, recorded, resolved
from tests.metrics.rules.watched import START, Watched, series
from tests.metrics.rules.written import alert_of, one_rule

HERE = Place("rules.yml", 4)


def watched(*lines: str) -> Watched:
    """One alert rule of these lines, which follow `alert: High`."""
    return Watched(*alert_of(one_rule("alert: High", *lines)))


def test_pending_then_firing_then_resolved() -> None:
    rule = watched("expr: load > 5", "for: 2m", "labels: {severity: page}")
    rule.gauge(series("load", revision="r1"), [1, 9, 9, 9, 9, 1])
    assert rule.states(range(0, 301, 60)) == [
        ["inactive"],
        ["pending"],
        ["pending"],
        ["firing"],
        ["firing"],
        ["inactive"],
    ]


def test_an_alert_carries_what_people_ask_for() -> None:
    rule = watched(
        "expr: load > 5",
        "for: 2m",
        "labels: {severity: page, where: '{{ $labels.zone }}'}",
        "annotations: {summary: '{{ $labels.revision }} is at {{ $value }}'}",
    )
    rule.gauge(series("load", revision="r1", zone="b"), [9, 8, 7])
    (pending,) = rule.step(0)
    assert pending.fires_at == START + 120
    rule.step(60)
    (firing,) = rule.step(120)
    assert firing.state is AlertState.FIRING
    assert (firing.rule, firing.group, firing.expression) == ("High", "g", "load > 5")
    assert (firing.since, firing.fires_at) == (START, None)
    assert (firing.value, firing.comparison, firing.threshold) == (7.0, ">", 5.0)
    assert (firing.revision, firing.severity, firing.summary) == ("r1", "page", "r1 is at 7")
    assert dict(firing.labels) == {
        "alertname": "High",
        "revision": "r1",
        "severity": "page",
        "where": "b",
        "zone": "b",
    }


def test_without_for_it_fires_at_once_and_each_label_set_is_one_alert() -> None:
    rule = watched("expr: load > 5")
    rule.gauge(series("load", revision="r1"), [9])
    rule.gauge(series("load", revision="r2"), [8])
    rule.gauge(series("load", revision="r3"), [1])
    assert [(alert.state.value, alert.revision) for alert in rule.step(0)] == [("firing", "r1"), ("firing", "r2")]


def test_a_pending_alert_that_falls_begins_anew() -> None:
    rule = watched("expr: load > 5", "for: 2m")
    rule.gauge(series("load"), [9, 9, 1, 9, 9, 9])
    assert [each for (each,) in rule.states(range(0, 301, 60))] == [
        "pending",
        "pending",
        "inactive",
        "pending",
        "pending",
        "firing",
    ]


def test_it_keeps_firing_for_a_while() -> None:
    rule = watched("expr: load > 5", "keep_firing_for: 2m")
    rule.gauge(series("load"), [9, 1, 1, 1, 9, 1, 9, 1, 1, 1])
    assert [each for (each,) in rule.states(range(0, 541, 60))] == [
        *["firing"] * 3,
        "inactive",
        *["firing"] * 5,
        "inactive",
    ]


def test_an_inactive_rule_shows_the_value_nearest_to_firing() -> None:
    rule = watched("expr: load > 5")
    rule.gauge(series("load", revision="r1"), [2])
    rule.gauge(series("load", revision="r2"), [4])
    (alert,) = rule.step(0)
    assert (alert.state, alert.value, alert.threshold) == (AlertState.INACTIVE, 4.0, 5.0)
    below = watched("expr: 1 > load")
    below.gauge(series("load", revision="r1"), [2])
    below.gauge(series("load", revision="r2"), [4])
    (alert,) = below.step(0)
    assert (alert.value, alert.comparison, alert.threshold) == (2.0, "<", 1.0)


@pytest.mark.parametrize(
    "expression",
    [
        "load > 5",
        "rate(load[1m]) > 5",
        "5 < load",
        "load > scalar(limit)",
        "load > 5 and other > 1",
        "load > 5 or gone > 1",
        "load > 5 unless other",
        "count(load > 5) > 0",
        "max_over_time((load > 5)[5m:1m])",
        "load > on() limit",
        "load",
    ],
)
def test_a_rule_that_reads_what_is_not_there_is_never_green(expression: str) -> None:
    rule = watched(f"expr: {expression}")
    rule.gauge(series("other"), [1])
    (alert,) = rule.step(0)
    assert alert.state is AlertState.NO_DATA
    assert alert.problem.startswith("no data for ")


@pytest.mark.parametrize(
    "expression",
    [
        "load > 5",
        "absent(load)",
        "absent(load) == 1",
        "load > 5 or gone > 1",
        "load > 5 unless gone",
        "count(load > 5) > 0",
        "load > 5 and load < 7",
        "load > scalar(limit)",
        "vector(1) > 2",
        "load > on() limit",
    ],
)
def test_a_rule_that_reads_what_is_there_and_well_is_inactive(expression: str) -> None:
    rule = watched(f"expr: {expression}")
    rule.gauge(series("load"), [1])
    rule.gauge(series("limit"), [2])
    assert rule.states([0]) == [["inactive"]]


def test_a_value_that_is_no_number_is_no_data() -> None:
    rule = watched("expr: failed / all > 0.1")
    rule.gauge(series("failed"), [0, 0])
    rule.gauge(series("all"), [0, 10])
    (alert,) = rule.step(0)
    assert (alert.state, alert.threshold) == (AlertState.NO_DATA, 0.1)
    assert "failed / all is not a number" in alert.problem
    assert rule.states([60]) == [["inactive"]]


def test_a_firing_alert_whose_series_went_away_is_not_resolved() -> None:
    rule = watched("expr: load > 5")
    rule.gauge(series("load", revision="canary"), [9, 9, None, None])
    rule.gauge(series("load", revision="stable"), [1, 1, 1, 1])
    before = rule.step(60)
    assert [alert.state.value for alert in before] == ["firing"]
    (gone,) = after = rule.step(180)
    assert (gone.state, gone.revision, gone.since, gone.value) == (
        AlertState.NO_DATA,
        "canary",
        START + 180,
        None,
    )
    assert gone.problem == "its series went away while it was firing"
    assert resolved(before, after) == ()


def test_a_series_that_went_away_is_forgotten_in_time() -> None:
    rule = watched("expr: load > 5")
    minutes = int(FORGOTTEN_SECONDS) // 60
    rule.gauge(series("load", revision="canary"), [9])
    rule.gauge(series("load", revision="stable"), [1] * (minutes + 4))
    rule.step(0)
    assert rule.states([120, 120 + minutes * 60 - 60, 120 + minutes * 60]) == [
        ["no data"],
        ["no data"],
        ["inactive"],
    ]


def test_a_series_that_comes_back_is_judged_again() -> None:
    rule = watched("expr: load > 5", "for: 1m")
    rule.gauge(series("load", revision="canary"), [9, 9, None, None, 9, 9, None, None, 1])
    rule.gauge(series("load", revision="stable"), [1] * 9)
    assert [each for (each,) in rule.states(range(0, 481, 60), lookback=30)] == [
        "pending",
        "firing",
        "no data",
        "no data",
        "pending",
        "firing",
        "no data",
        "no data",
        "inactive",
    ]


def test_the_whole_rule_without_data_says_when_that_began() -> None:
    rule = watched("expr: load > 5")
    rule.gauge(series("load"), [1, None, None, 1])
    assert [
        (alert.state.value, alert.since) for at in (0, 60, 120, 180) for alert in rule.step(at, lookback=30)
    ] == [
        ("inactive", START),
        ("no data", START + 60),
        ("no data", START + 60),
        ("inactive", START + 180),
    ]


def test_an_error_leaves_the_alerts_and_says_so() -> None:
    rule = watched("expr: load > 5", "for: 1m", "labels: {severity: page}")
    rule.gauge(series("load"), [9, 9])
    rule.step(0)
    rule.step(60)
    refused = dict.fromkeys(("load > 5", "load"), QueryError("no answer", "unreachable", "check the engine"))
    broken, firing = rule.book.step(START + 120, rule.group, rule.rule, refused)
    assert (broken.state, broken.problem, broken.severity) == (
        AlertState.BROKEN,
        "no answer; check the engine",
        "page",
    )
    assert (firing.state, firing.value) == (AlertState.FIRING, 9.0)
    assert rule.book.alerts == (broken, firing)


@pytest.mark.parametrize("expression", ["sum(", "rate(load)", "info(load)"])
def test_an_expression_that_is_none_is_broken(expression: str) -> None:
    rule = AlertRule("A", expression, HERE)
    group = Group("g", (rule,), HERE)
    (alert,) = RuleBook([group]).step(START, group, rule, {})
    assert alert.state is AlertState.BROKEN
    assert alert.problem


def test_a_range_is_no_alert() -> None:
    rule = watched("expr: 'load[5m]'")
    rule.gauge(series("load"), [9])
    (alert,) = rule.step(0)
    assert (alert.state, alert.problem) == (AlertState.BROKEN, "a rule wants a vector or a scalar, not a matrix")


def test_a_scalar_fires_as_in_prometheus() -> None:
    rule = watched("expr: 1 + 1")
    (alert,) = rule.step(0)
    assert (alert.state, alert.value) == (AlertState.FIRING, 2.0)


def test_more_alerts_than_the_limit_are_none() -> None:
    text = one_rule("alert: High", "expr: load > 5").replace("- name: g", "- name: g\n  limit: 1")
    rule = Watched(*alert_of(text))
    rule.gauge(series("load", revision="r1"), [9])
    assert rule.states([0]) == [["firing"]]
    rule.gauge(series("load", revision="r2"), [9])
    (alert,) = rule.step(0)
    assert (alert.state, alert.problem) == (
        AlertState.BROKEN,
        "2 alerts, where the group's limit is 1; raise the group's limit or aggregate more",
    )


def test_two_alerts_that_labels_make_the_same_are_broken() -> None:
    rule = watched("expr: load > 5", "labels: {revision: all}")
    rule.gauge(series("load", revision="r1"), [9])
    rule.gauge(series("load", revision="r2"), [9])
    (alert,) = rule.step(0)
    assert alert.problem.startswith("two alerts of the rule have the same labels")


def test_labels_of_the_group_and_of_outside_are_known() -> None:
    text = one_rule("alert: High", "expr: load > 5", "annotations: {summary: '{{ $externalLabels.region }}'}")
    group, rule = alert_of(text.replace("- name: g", "- name: g\n  labels: {team: web}"))
    it = Watched(group, rule, {"region": "eu"})
    it.gauge(series("load"), [9])
    (alert,) = it.step(0)
    assert dict(alert.labels)["team"] == "web"
    assert alert.summary == "eu"


def test_what_rings_and_what_is_well_again() -> None:
    rule = watched("expr: load > 5")
    rule.gauge(series("load", revision="r1"), [1, 9, 9, 1])
    quiet, loud, still, over = (rule.step(at) for at in (0, 60, 120, 180))
    assert [alert.revision for alert in newly_firing(quiet, loud)] == ["r1"]
    assert newly_firing(loud, still) == ()
    assert [alert.revision for alert in resolved(still, over)] == ["r1"]


def test_what_a_recording_rule_stores() -> None:
    rule = RecordRule("load:max", "max(load)", HERE, (("kind", "max"), ("zone", "")))
    group = Group("g", (rule,), HERE, labels=(("team", "web"),))
    answer = Answer(ResultKind.VECTOR, (Sample(series("load", revision="r1", zone="a"), 3.0),))
    assert recorded(rule, group, answer) == (
        Sample(labels_of({"__name__": "load:max", "kind": "max", "revision": "r1", "team": "web"}), 3.0),
    )


def test_what_a_recording_rule_cannot_store() -> None:
    rule = RecordRule("m", "load", HERE, (("zone", "all"),))
    group = Group("g", (rule,), HERE)
    samples = tuple(Sample(series("load", zone=zone), math.nan) for zone in "ab")
    with pytest.raises(QueryError, match="two samples with the same labels"):
        recorded(rule, group, Answer(ResultKind.VECTOR, samples))
    with pytest.raises(QueryError, match="no answer"):
        recorded(rule, group, QueryError("no answer", "timeout"))
    with pytest.raises(QueryError, match="gives 2 series, where the group's limit is 1"):
        recorded(RecordRule("m", "load", HERE), Group("g", (), HERE, limit=1), Answer(ResultKind.VECTOR, samples))
