"""Metrics to look through, what can be charted of them, and what their labels split a chart into."""

from __future__ import annotations

import pytest

from cockpit.metrics.breakdown import MOST_VALUES, labels, lines, refusal
from cockpit.metrics.catalogue import Metric, catalogue, sample_names
from cockpit.metrics.exposed import Family, MetricKind
from cockpit.metrics.labels import labels_of
from cockpit.metrics.measures import expression, measures
from cockpit.metrics.promql.parse import parse


def told(*families: Family) -> dict[str, Family]:
    """Families by name."""
    return {family.name: family for family in families}


COUNTER = Family("jobs_total", MetricKind.COUNTER, "Jobs that were done.")
OPEN_COUNTER = Family("jobs", MetricKind.COUNTER, "Jobs that were done.")
TIMES = Family("job_seconds", MetricKind.HISTOGRAM, "How long they took.")


def test_openmetrics_and_the_older_text_name_the_same_counter() -> None:
    (old,) = catalogue(told(COUNTER), {"jobs_total": 2})
    (new,) = catalogue(told(OPEN_COUNTER), {"jobs_total": 2, "jobs_created": 2})
    assert old == new == Metric("jobs_total", MetricKind.COUNTER, "Jobs that were done.", "", 2)


def test_a_counter_may_lack_the_ending_where_its_samples_do() -> None:
    (metric,) = catalogue(told(OPEN_COUNTER), {"jobs": 1})
    assert metric.name == "jobs"


def test_a_histogram_is_one_metric_whether_its_type_is_told_or_not() -> None:
    counts = {"job_seconds_bucket": 20, "job_seconds_count": 2, "job_seconds_sum": 2}
    (typed,) = catalogue(told(TIMES), counts)
    (untyped,) = catalogue({}, counts)
    assert (typed.name, typed.kind, typed.unit, typed.series) == ("job_seconds", MetricKind.HISTOGRAM, "s", 2)
    assert (untyped.name, untyped.kind, untyped.unit, untyped.series) == (
        "job_seconds", MetricKind.HISTOGRAM, "s", 2
    )  # fmt: skip


def test_what_is_told_of_and_has_no_samples_is_listed_as_such() -> None:
    (metric,) = catalogue(told(TIMES), {})
    assert metric.series == 0
    (unsure,) = catalogue(told(TIMES), None)
    assert unsure.series is None


def test_what_has_samples_and_no_type_is_judged_by_its_name() -> None:
    total, level = catalogue({}, {"a_total": 1, "level": 1})
    assert total.counts
    assert not level.counts


def test_the_names_to_ask_for_are_those_of_samples() -> None:
    counts = {"b": 1, "a_total": 1}
    assert sample_names(catalogue({}, counts), counts) == ("a_total", "b")
    assert sample_names(catalogue(told(TIMES, COUNTER), None)) == (
        "job_seconds_bucket", "job_seconds_count", "job_seconds_sum", "jobs_total"
    )  # fmt: skip


@pytest.mark.parametrize("kind", MetricKind)
@pytest.mark.parametrize("name", ["plain_seconds", "odd.näme", 'a"b'])
@pytest.mark.parametrize("by", [(), ("revision",), ("revision", "odd.läbel")])
def test_every_measure_is_promql(kind: MetricKind, name: str, by: tuple[str, ...]) -> None:
    metric = Metric(name, kind)
    found = measures(metric)
    assert found
    for measure in found:
        parse(expression(metric, measure, by, "1m"))


def test_expressions_are_as_a_person_writes_them() -> None:
    counter, gauge = Metric("jobs_total", MetricKind.COUNTER), Metric("level", MetricKind.GAUGE)
    times = Metric("job_seconds", MetricKind.HISTOGRAM, unit="s")
    by = ("revision", "provider")
    assert expression(counter, measures(counter)[0], by, "1m") == (
        "sum by (revision, provider) (rate(jobs_total[1m]))"
    )
    assert expression(gauge, measures(gauge)[0], (), "1m") == "avg(level)"
    assert expression(times, measures(times)[0], ("revision",), "5m") == (
        "histogram_quantile(0.95, sum by (revision, le) (rate(job_seconds_bucket[5m])))"
    )
    mean = next(each for each in measures(times) if each.title == "mean")
    assert expression(times, mean, ("revision",), "1m") == (
        "sum by (revision) (rate(job_seconds_sum[1m])) / sum by (revision) (rate(job_seconds_count[1m]))"
    )


SERIES = [
    labels_of({"__name__": "x", "revision": revision, "user": f"u{number}", "provider": provider, "instance": "i"})
    for revision in ("a", "b")
    for provider in ("p", "q")
    for number in range(MOST_VALUES + 1)
]


def test_labels_are_listed_with_their_values_and_what_interests_most_first() -> None:
    found = labels(SERIES)
    assert [label.name for label in found] == ["revision", "provider", "user", "instance"]
    assert found[0].values == (("a", 42), ("b", 42))
    assert found[3].values == (("i", 84),)


def test_a_chart_is_not_split_into_what_nobody_can_read() -> None:
    revision, provider, user, _ = labels(SERIES)
    assert refusal(provider, SERIES, ["revision"]) == ""
    assert refusal(user, SERIES, ["revision"]) == "user has 21 values, and a chart is split by at most 20"
    assert lines(SERIES, ["revision", "provider"]) == 4
    few = [each for each in SERIES if dict(each)["user"] != "u0"]
    split = labels(few)[2]
    assert len(split.values) == MOST_VALUES
    assert refusal(split, few, ["revision"]) == ""
    assert "would have 80 lines" in refusal(split, few, ["revision", "provider"])
    assert refusal(revision, [], []) == ""
