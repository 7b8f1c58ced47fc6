"""The values of many metrics in one question, held against the evaluator that has to answer it."""

from __future__ import annotations

import pytest

from cockpit.metrics.catalogue import Metric
from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.glance import MOST, SERIES_BY_NAME, question, series_by_name, values
from cockpit.metrics.labels import Labels
from cockpit.metrics.promql.local import evaluate_instant
from tests.metrics.promql.memory import MemoryStorage
from tests.metrics.promql.samples import MINUTE, every_minute, series

RISING = "0 60 120"
FLAT = "4 4 4"


def storage_of(*metrics: Metric) -> MemoryStorage:
    """Two revisions of each metric, counters at one a second."""
    written: dict[Labels, str] = {}
    for metric in metrics:
        for revision in ("r1", "r2"):
            if metric.kind is MetricKind.HISTOGRAM:
                for bound in ("1", "2", "+Inf"):
                    written[series(f"{metric.name}_bucket", revision=revision, le=bound)] = RISING
                for ending in ("_count", "_sum"):
                    written[series(metric.name + ending, revision=revision)] = RISING
            else:
                written[series(metric.name, revision=revision)] = RISING if metric.counts else FLAT
    return every_minute(written)


def test_each_metric_gets_its_own_values_by_revision() -> None:
    metrics = (
        Metric("jobs_total", MetricKind.COUNTER),
        Metric("depth", MetricKind.GAUGE),
        Metric("job_seconds", MetricKind.HISTOGRAM),
        Metric("gone", MetricKind.GAUGE),
    )
    answer = evaluate_instant(question(metrics, "2m"), storage_of(*metrics[:3]), 2 * MINUTE)
    found = values(metrics, answer)
    assert found["jobs_total"] == pytest.approx({"r1": 1, "r2": 1})
    assert found["depth"] == {"r1": 4, "r2": 4}
    assert found["job_seconds"] == pytest.approx({"r1": 0.95, "r2": 0.95})
    assert found["gone"] == {}


def test_as_many_histograms_as_fit_in_one_question_are_answered() -> None:
    metrics = tuple(Metric(f"step_{n}_seconds", MetricKind.HISTOGRAM) for n in range(MOST))
    found = values(metrics, evaluate_instant(question(metrics, "2m"), storage_of(*metrics), 2 * MINUTE))
    assert [sorted(each) for each in found.values()] == [["r1", "r2"]] * MOST


def test_values_without_a_revision_belong_to_none() -> None:
    metrics = (Metric("depth", MetricKind.GAUGE),)
    answer = evaluate_instant(question(metrics, "1m"), every_minute({series("depth", pod="a"): "3"}), 0)
    assert values(metrics, answer) == {"depth": {"": 3}}


def test_places_that_an_engine_makes_up_are_nobodys() -> None:
    metrics = (Metric("depth", MetricKind.GAUGE),)
    made_up = every_minute({series("depth", place=place): "3" for place in ("1", "²", "-1", "9" * 5000)})
    assert values(metrics, evaluate_instant("depth", made_up, 0)) == {"depth": {}}


def test_series_are_counted_by_the_name_of_their_samples() -> None:
    storage = every_minute({series("a", x="1"): "1", series("a", x="2"): "1", series("b"): "1"})
    assert series_by_name(evaluate_instant(SERIES_BY_NAME, storage, 0)) == {"a": 2, "b": 1}
