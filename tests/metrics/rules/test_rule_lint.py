"""The linter: habits that mislead, and rules that can never fire on the series that there are."""

from __future__ import annotations

import time

import pytest

from cockpit.metrics.exposition.reader import Reader
from cockpit.metrics.labels import labels_of
from cockpit.metrics.rules.files import read_rules
from cockpit.metrics.rules.findings import Finding, Severity
from cockpit.metrics.rules.lint.known import KnownSeries, exposed_series
from cockpit.metrics.rules.lint.run import lint
from tests.metrics.rules.written import one_rule

EXPOSED = """\
# TYPE memory_analysis_success_total counter
memory_analysis_success_total{provider="neo"} 5
memory_analysis_success_total{provider="gemini"} 5
# TYPE memory_analysis_failure_total counter
memory_analysis_failure_total{provider="neo",error_type="timeout"} 1
memory_analysis_failure_total{provider="neo",error_type="limit"} 1
# TYPE memory_analysis_cache_size gauge
memory_analysis_cache_size 7
# TYPE memory_analysis_duration_seconds histogram
memory_analysis_duration_seconds_bucket{provider="neo",le="1"} 1
memory_analysis_duration_seconds_bucket{provider="neo",le="+Inf"} 1
memory_analysis_duration_seconds_sum{provider="neo"} 1
memory_analysis_duration_seconds_count{provider="neo"} 1
# TYPE concepts_total gauge
concepts_total 9
# TYPE other_by_zone gauge
other_by_zone{zone="a",provider="x"} 1
# TYPE recalls_total counter
"""
OWN = "rate(memory_analysis_failure_total[5m]) / rate(memory_analysis_success_total[5m]) > 0.1"


@pytest.fixture(scope="module")
def known() -> KnownSeries:
    """What emergence-app exposes, in part."""
    return exposed_series(Reader().read(EXPOSED.encode()))


def found(expression: str, known: KnownSeries | None = None, *more: str) -> list[Finding]:
    """Findings about an alert rule with a `for` and this expression."""
    reading = read_rules(one_rule("alert: A", f"expr: '{expression}'", "for: 5m", *more), "rules.yml")
    return [*reading.findings, *lint(reading.groups, known)]


def test_the_service_s_own_rule_never_fires_and_the_mend_is_given(known: KnownSeries) -> None:
    (finding,) = [each for each in found(OWN, known) if each.code == "no-match"]
    assert finding.severity is Severity.ERROR
    assert str(finding.place) == "rules.yml:5"
    assert finding.message == (
        "never fires: the two sides of / share no label set: rate(memory_analysis_failure_total[5m]) has "
        "{error_type, provider}, rate(memory_analysis_success_total[5m]) has {provider}"
    )
    mended, _, other = finding.mend.partition(", or for each apart ")
    assert mended == (
        "sum by (provider, revision) (rate(memory_analysis_failure_total[5m])) / "
        "sum by (provider, revision) (rate(memory_analysis_success_total[5m]))"
    )
    assert other == "/ ignoring (error_type) group_left"


def test_both_mends_are_without_errors(known: KnownSeries) -> None:
    left, right = (f"rate(memory_analysis_{each}_total[5m])" for each in ("failure", "success"))
    for mended in (
        f"sum by (provider) ({left}) / sum by (provider) ({right}) > 0.1",
        f"{left} / ignoring (error_type) group_left {right} > 0.1",
        f"{left} / on (provider) group_left {right} > 0.1",
    ):
        assert not [each for each in found(mended, known) if each.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("expression", "code", "message", "mend"),
    [
        (
            "rate(memory_analysis_failur_total[5m]) > 1",
            "no-metric",
            "memory_analysis_failur_total",
            "failure_total?",
        ),
        ("rate(nothing_like_it[5m]) > 1", "no-metric", "there is no metric nothing_like_it", "spelling"),
        ('other_by_zone{zon="a"} > 1', "no-label", "other_by_zone has no label zon", "did you mean zone?"),
        ('other_by_zone{colour="a"} > 1', "no-label", "has no label colour", "it has: provider, zone"),
        ('other_by_zone{zone="b"} > 1', "no-value", "no series of other_by_zone has zone=", "it has: a"),
        ('other_by_zone{zone=~"b.*"} > 1', "no-value", "zone=~", "it has: a"),
        ('memory_analysis_success_total{provider="geminy"} > 1', "no-value", "geminy", "did you mean"),
        (
            "other_by_zone / on (provider) memory_analysis_cache_size > 1",
            "no-match",
            "share no label set",
            "sum by",
        ),
        (
            "sum by (provider) (other_by_zone) / sum by (provider) (rate(memory_analysis_success_total[5m])) > 1",
            "no-match",
            "share no label set",
            "no value of provider is on both sides",
        ),
        ("other_by_zone > 1 and memory_analysis_cache_size > 1", "no-match", "share no label set", "on ("),
    ],
)
def test_what_can_never_fire(expression: str, code: str, message: str, mend: str, known: KnownSeries) -> None:
    (finding,) = [each for each in found(expression, known) if each.severity is Severity.ERROR]
    assert (finding.code, finding.invalid) == (code, False)
    assert finding.message.startswith("never fires: ")
    assert message in finding.message
    assert mend in finding.mend


@pytest.mark.parametrize(
    "expression",
    [
        "absent(gone)",
        "memory_analysis_cache_size > 1 unless gone",
        'memory_analysis_cache_size{revision="app-1"} > 1',
        "up == 0",
        "sum by (revision) (memory_analysis_cache_size) > 1",
        "memory_analysis_cache_size > 1 unless on (instance) other_by_zone",
        'label_replace(other_by_zone, "x", "$1", "zone", "(.*)") > 1',
        "histogram_quantile(0.95, sum by (le) (rate(memory_analysis_duration_seconds_bucket[5m]))) > 10",
        'memory_analysis_failure_total{missing=""} > bool 1 == 1',
        "rate(recalls_total[5m]) > 1",
        "vector(1) > 2",
    ],
)
def test_what_can_fire_is_no_error(expression: str, known: KnownSeries) -> None:
    assert not [each for each in found(expression, known) if each.severity is Severity.ERROR]


def test_a_part_that_is_not_there_is_a_warning(known: KnownSeries) -> None:
    (finding,) = [
        each for each in found("memory_analysis_cache_size > 9 or gone > 1", known) if each.code != "for"
    ]
    assert (finding.severity, finding.code) == (Severity.WARNING, "no-metric")
    assert finding.message == "there is no metric gone"


def test_a_metric_without_series_yet_is_worth_a_look(known: KnownSeries) -> None:
    (finding,) = found("rate(recalls_total[5m]) > 1", known)
    assert (finding.severity, finding.code) == (Severity.INFO, "no-series")


def test_metrics_that_rules_make_are_known(known: KnownSeries) -> None:
    text = (
        one_rule("record: made", "expr: memory_analysis_cache_size") + "  - {alert: A, expr: made > 1, for: 1m}\n"
    )
    assert lint(read_rules(text, "x").groups, known) == ()


@pytest.mark.parametrize(
    ("expression", "code", "message"),
    [
        ("memory_analysis_success_total > 100", "counter", "only ever grows"),
        ("sum(memory_analysis_success_total) > 100", "counter", "only ever grows"),
        ("histogram_quantile(0.9, memory_analysis_duration_seconds_bucket) > 1", "counter", "only ever grows"),
        ("rate(memory_analysis_cache_size[5m]) > 1", "gauge", "rate() of memory_analysis_cache_size"),
        (OWN, "ratio", "the successes alone"),
        ("memory_analysis_cache_size", "always", "no comparison"),
    ],
)
def test_habits_that_mislead(expression: str, code: str, message: str, known: KnownSeries) -> None:
    warnings = [each for each in found(expression, known) if each.severity is Severity.WARNING]
    assert [each.code for each in warnings] == [code]
    assert message in warnings[0].message


@pytest.mark.parametrize(
    "expression",
    [
        "concepts_total > 100",
        "rate(memory_analysis_success_total[5m]) > 1",
        "count(memory_analysis_success_total) > 1",
        "max_over_time(memory_analysis_cache_size[5m]) > 1",
        "memory_analysis_cache_size > 1 unless memory_analysis_success_total",
        "absent(memory_analysis_success_total)",
        "sum(rate(memory_analysis_failure_total[5m])) / (sum(rate(memory_analysis_failure_total[5m])) "
        "+ sum(rate(memory_analysis_success_total[5m]))) > 0.1",
    ],
)
def test_good_habits_are_left_alone(expression: str, known: KnownSeries) -> None:
    assert found(expression, known) == []


def test_without_series_the_name_tells_a_counter() -> None:
    assert [each.code for each in found("x_total > 1")] == ["counter"]
    assert found("x > 1") == []


def test_a_label_that_the_expression_drops_is_said() -> None:
    summary = "annotations: {summary: '{{ $labels.provider }} {{ $labels.revision }}'}"
    (finding,) = found("sum by (revision) (rate(x_total[5m])) > 1", None, summary)
    assert (finding.code, finding.severity) == ("label", Severity.WARNING)
    assert "$labels.provider, which the expression has not" in finding.message
    assert found("rate(x_total[5m]) > 1", None, summary) == []


def test_a_missing_for_is_worth_a_look() -> None:
    reading = read_rules(one_rule("alert: A", "expr: x > 1"), "rules.yml")
    assert [(each.code, each.severity) for each in lint(reading.groups)] == [("for", Severity.INFO)]


def test_rules_that_cannot_be_told_apart() -> None:
    text = one_rule("alert: A", "expr: x > 1", "for: 1m", "labels: {a: b}")
    text += "  - {alert: A, expr: x > 2, for: 1m, labels: {a: b}}\n  - {alert: A, expr: x > 3, for: 1m}\n"
    (finding,) = lint(read_rules(text, "rules.yml").groups)
    assert (finding.code, finding.place.line) == ("double", 8)
    assert "rules.yml:5" in finding.message


def test_label_sets_that_explode_are_told_in_bounded_time() -> None:
    """No guess among very many values; each part of an expression is followed once, however often it is read."""
    names = ({"__name__": "requests_total", "path": f"/user/{n:06d}"} for n in range(30_000))
    known = KnownSeries(map(labels_of, names), {})
    begun = time.process_time()
    [finding] = [each for each in found('requests_total{path="/user/x"} > 1', known) if each.code == "no-value"]
    assert finding.mend.endswith("/user/000003, /user/000004 and 29995 more")
    rule = " + ".join(["rate(requests_total[5m])"] * 40)
    assert not [each for each in found(f"{rule} > 1", known) if each.severity is Severity.ERROR]
    assert time.process_time() - begun < 10


def test_series_of_an_engine_have_their_target_labels() -> None:
    labels = [labels_of({"__name__": "up_time", "revision": "r1"})]
    engine = KnownSeries(labels, {})
    (finding,) = [each for each in found('up_time{revision="r2"} > 1', engine) if each.severity is Severity.ERROR]
    assert finding.code == "no-value"
