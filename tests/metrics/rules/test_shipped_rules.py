"""The rules that config.toml ships: right, quiet on a healthy service, and each able to fire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.config.toml import read_toml, shipped
from cockpit.metrics.alerts import AlertState
from cockpit.metrics.rules.files import groups_from_mapping
from cockpit.metrics.rules.lint.run import lint
from tests.metrics.rules.watched import Watched, series

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.rules.model import Group

    Rates = dict[Labels, Callable[[int], float]]

STABLE, CANARY = "app-00275-2jb", "app-00279-kub"
SECONDS = 3600
BROKE = 1200
"""When the canary goes bad, in seconds after the start."""


@pytest.fixture(scope="module")
def group() -> Group:
    """The group of emergence-app."""
    tree, _ = read_toml(shipped("config.toml"))
    (group,) = groups_from_mapping({"groups": tree["metrics"]["groups"]}, "config.toml", "metrics").loaded()
    return group


def after(good: float, bad: float) -> Callable[[int], float]:
    """So much a second, and another amount once the canary broke."""
    return lambda at: bad if at >= BROKE else good


def steady(rate: float) -> Callable[[int], float]:
    """So much a second."""
    return lambda _: rate


def buckets(revision: str, slow: Callable[[int], float]) -> Rates:
    """A histogram of analyses: one a second up to half a second, and `slow` ones of more than ten."""
    fast = {f"{bound:g}": steady(1.0) for bound in (0.5, 1.0, 2.0, 5.0, 10.0)}
    all_of_them = {bound: lambda at: 1.0 + slow(at) for bound in ("20", "30", "+Inf")}
    name = "memory_analysis_duration_seconds_bucket"
    return {
        series(name, revision=revision, provider="neo", instance="1", le=bound): rate
        for bound, rate in (fast | all_of_them).items()
    }


def counters(revision: str, **rates: Callable[[int], float]) -> Rates:
    """The counters of one instance."""
    names: dict[str, tuple[str, dict[str, str]]] = {
        "success": ("memory_analysis_success_total", {"provider": "neo"}),
        "failure": ("memory_analysis_failure_total", {"provider": "neo", "error_type": "timeout"}),
        "hits": ("memory_analysis_cache_hits_total", {}),
        "misses": ("memory_analysis_cache_misses_total", {}),
        "detections": ("concept_recall_detections_total", {"user_id_hash": "u1", "similarity_range": "0.8-0.9"}),
        "dismissed": ("concept_recall_interactions_total", {"user_id_hash": "u1", "action": "dismissed"}),
        "viewed": ("concept_recall_interactions_total", {"user_id_hash": "u1", "action": "viewed"}),
    }
    return {
        series(names[each][0], revision=revision, instance="1", **names[each][1]): rate
        for each, rate in rates.items()
    }


GOOD: dict[str, Rates] = {
    "AnalysisFailureRatio": counters(STABLE, success=steady(1.0)),
    "AnalysisSlow": buckets(STABLE, steady(0.01)),
    "AnalysisCacheCold": counters(STABLE, hits=steady(0.6), misses=steady(0.4)),
    "RecallsDismissed": counters(STABLE, detections=steady(1.0), viewed=steady(0.5)),
}
BAD: dict[str, tuple[Rates, float]] = {
    "AnalysisFailureRatio": (counters(CANARY, success=after(1.0, 0.8), failure=after(0.0, 0.2)), 0.2),
    "AnalysisSlow": (buckets(CANARY, after(0.0, 0.25)), 17.5),
    "AnalysisCacheCold": (counters(CANARY, hits=after(0.6, 0.1), misses=after(0.4, 0.9)), 0.1),
    "RecallsDismissed": (counters(CANARY, detections=steady(1.0), dismissed=after(0.1, 0.75)), 0.75),
}


def watched(group: Group, name: str, *rates: Rates) -> Watched:
    """The rule of this name on these counters, scraped every ten seconds for an hour."""
    rule = next(rule for rule in group.alerts if rule.name == name)
    it = Watched(group, rule)
    for each in rates:
        for labels, per_second in each.items():
            it.counter(labels, per_second, SECONDS)
    return it


def test_nothing_is_wrong_with_them(group: Group) -> None:
    assert lint([group]) == ()
    assert {rule.name for rule in group.alerts} == set(GOOD)
    assert all(rule.for_seconds for rule in group.alerts)


@pytest.mark.parametrize("name", GOOD)
def test_a_healthy_service_is_quiet_and_not_without_data(name: str, group: Group) -> None:
    it = watched(group, name, GOOD[name])
    alerts = [alert for at in range(BROKE, SECONDS, 60) for alert in it.step(at, lookback=300)]
    assert {alert.state for alert in alerts} == {AlertState.INACTIVE}
    assert all(alert.value is not None for alert in alerts)


@pytest.mark.parametrize("name", BAD)
def test_it_fires_for_the_revision_that_is_bad(name: str, group: Group) -> None:
    rates, value = BAD[name]
    it = watched(group, name, GOOD[name], rates)
    seen = [it.step(at, lookback=300) for at in range(BROKE - 60, SECONDS, 60)]
    assert [alert.state for alert in seen[0]] == [AlertState.INACTIVE]
    order = list(dict.fromkeys(alert.state for alerts in seen for alert in alerts))
    assert order == [AlertState.INACTIVE, AlertState.PENDING, AlertState.FIRING]
    (alert,) = seen[-1]
    assert alert.revision == CANARY
    assert alert.value == pytest.approx(value, rel=0.02)
    assert CANARY in alert.summary
    assert "{{" not in alert.summary


@pytest.mark.parametrize("name", GOOD)
def test_a_service_that_exposes_nothing_is_without_data(name: str, group: Group) -> None:
    assert watched(group, name).states([BROKE]) == [["no data"]]


def test_failures_alone_are_a_ratio_of_one(group: Group) -> None:
    it = watched(group, "AnalysisFailureRatio", counters(CANARY, failure=steady(0.5)))
    for at in range(300, 901, 60):
        (alert,) = it.step(at, lookback=300)
    assert (alert.state, alert.value) == (AlertState.FIRING, 1.0)


def test_an_idle_service_is_without_data(group: Group) -> None:
    it = watched(group, "AnalysisFailureRatio", counters(STABLE, success=steady(0.0)))
    (alert,) = it.step(BROKE, lookback=300)
    assert alert.state is AlertState.NO_DATA
    assert alert.problem.startswith("nothing was counted")
