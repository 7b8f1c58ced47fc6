"""Prometheus' own test scripts, and the runner that reads them."""

from __future__ import annotations

from tests.cases import case_file
from tests.metrics.promql.conformance import GOAL, outcomes, report, share
from tests.metrics.promql.runner import Verdict, run

SCRIPT = """
load 1m
    seen_total{path="/a"} 0+6x10
    seen_total{path="/b"} 0 _ stale 3x2
    native {{sum:1 count:1}}x10

# A comment.
eval instant at 10m rate(seen_total{path="/a"}[5m])
    {path="/a"} 0.1

eval instant at 10m seen_total{path="/a"}
    seen_total{path="/a"} 61

eval instant at 10m native

eval instant at 10m mad_over_time(seen_total[5m])

eval range from 0 to 3m step 1m seen_total{path="/b"}
    seen_total{path="/b"} 0 0 _ 3

eval instant at 1m ceil({__name__=~"seen_total|native"} and no_such_thing)

eval instant at 1m quantile_over_time(2, seen_total{path="/a"}[5m])
    expect warn msg: PromQL warning: quantile value should be between 0 and 1, got 2 (1:1)
    {path="/a"} Inf

eval instant at 1m 1 +
    expect fail

eval instant at 1m 1 + 1
    expect fail

eval instant at 1m 1 + 1
    2

eval instant at 1m ("a")
    expect string `a`
"""


def test_runner_tells_what_passes_from_what_does_not() -> None:
    verdicts = [outcome.verdict for outcome in run(SCRIPT)]
    assert verdicts == [
        Verdict.PASS,
        Verdict.MISS,  # 61 is wrong
        Verdict.NATIVE,
        Verdict.EXPERIMENTAL,
        Verdict.PASS,
        Verdict.NATIVE,
        Verdict.PASS,
        Verdict.PASS,
        Verdict.MISS,  # it does not fail
        Verdict.PASS,
        Verdict.PASS,
    ]


def test_prometheus_own_scripts_come_out_as_there() -> None:
    by_script = outcomes(case_file("promqltest"))
    everything = [outcome for each in by_script.values() for outcome in each]
    able = [outcome for outcome in everything if outcome.verdict in (Verdict.PASS, Verdict.MISS)]
    assert len(able) >= 580, report(by_script)
    assert share(everything) >= GOAL, report(by_script)
