"""Signals as PromQL, and what its answers are read as."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cockpit.metrics.engine import Answer, Line, ResultKind, Sample
from cockpit.metrics.exposed import Family, MetricKind
from cockpit.metrics.labels import labels_of
from cockpit.metrics.signals.discover import discover
from cockpit.metrics.signals.queries import courses, expression, queries, read
from cockpit.metrics.signals.signal import Kind, Signal

if TYPE_CHECKING:
    from pathlib import Path

WINDOW = 300
LOAD = Signal("load", "load", Kind.RATE, ("done_total",))
ERRORS = Signal("errors", "errors", Kind.RATIO, ("bad_total",), ("good_total", "bad_total"))
P95 = Signal("p95", "P95", Kind.QUANTILE, ('took_seconds{path!="/m"}',), quantile=0.95)
MEMORY = Signal("memory", "memory", Kind.GAUGE, ("resident_bytes",))
CPU = Signal("cpu", "CPU", Kind.GAUGE, ("rate(cpu_seconds_total[{window}])",))


def vector(*samples: tuple[dict[str, str], float]) -> Answer:
    """An instant vector."""
    return Answer(ResultKind.VECTOR, tuple(Sample(labels_of(labels), value) for labels, value in samples))


def test_every_query_is_by_revision_and_over_the_window() -> None:
    assert queries(LOAD, 300) == {"events": "sum by (revision) (increase(done_total[5m]))"}
    assert queries(ERRORS, 90)["events"] == "sum by (revision) (increase(bad_total[1m30s]))"
    assert queries(P95, 3600) == {
        "buckets": 'sum by (revision, le) (increase(took_seconds_bucket{path!="/m"}[1h]))'
    }
    assert queries(MEMORY, 300) == {"instances": "sum by (revision, instance) (resident_bytes)"}
    assert queries(CPU, 60) == {"instances": "sum by (revision, instance) (rate(cpu_seconds_total[1m]))"}


def test_a_rate_is_events_over_the_window() -> None:
    found = read(LOAD, {"events": vector(({"revision": "a"}, 600.0), ({"revision": "b"}, math.nan))}, WINDOW)
    assert set(found) == {"a"}
    assert (found["a"].value, found["a"].n) == (2.0, 600.0)


def test_what_was_counted_in_ten_seconds_is_not_spread_over_five_minutes() -> None:
    answers = {"events": vector(({"revision": "young"}, 30.0), ({"revision": "old"}, 600.0))}
    found = read(LOAD, answers, WINDOW, {"young": 10.0})
    assert {name: one.value for name, one in found.items()} == {"young": 3.0, "old": 2.0}
    assert read(LOAD, answers, WINDOW, {"young": 0.0})["young"].value == 30.0


def test_no_failures_yet_are_none_of_the_total_but_no_total_is_no_data() -> None:
    answers = {
        "events": vector(({"revision": "b"}, 30.0), ({"revision": "gone"}, 5.0)),
        "total": vector(({"revision": "a"}, 200.0), ({"revision": "b"}, 200.0), ({"revision": "idle"}, 0.0)),
    }
    found = read(ERRORS, answers, WINDOW)
    assert {name: one.value for name, one in found.items()} == {"a": 0.0, "b": 0.15}


def test_events_extrapolated_past_their_total_are_all_of_it() -> None:
    answers = {"events": vector(({"revision": "a"}, 20.4)), "total": vector(({"revision": "a"}, 20.1))}
    assert read(ERRORS, answers, WINDOW)["a"].value == 1.0


def test_a_quantile_is_read_from_buckets_however_their_bounds_are_written() -> None:
    buckets = vector(
        ({"revision": "a", "le": "1"}, 10.0),
        ({"revision": "a", "le": "1.0"}, 30.0),
        ({"revision": "a", "le": "2"}, 80.0),
        ({"revision": "a", "le": "+Inf"}, 80.0),
        ({"revision": "a", "le": "rubbish"}, 9e9),
        ({"revision": "b", "le": "+Inf"}, 3.0),
    )
    found = read(P95, {"buckets": buckets}, WINDOW)
    assert set(found) == {"a"}
    assert found["a"].value == pytest.approx(1.9)
    assert found["a"].n == 80


def test_a_gauge_is_the_mean_of_the_instances() -> None:
    answer = vector(*(({"revision": "a", "instance": str(each)}, each) for each in (2.0, 4.0)))
    found = read(MEMORY, {"instances": answer}, WINDOW)
    assert (found["a"].value, found["a"].n) == (3.0, 2)


def test_a_course_has_a_value_a_step_and_nan_where_there_was_none() -> None:
    line = Line(labels_of({"revision": "a"}), np.array([2000, 3000], dtype=np.int64), np.array([0.5, 0.75]))
    found = courses(Answer(ResultKind.MATRIX, lines=(line,)), 1000, 4000, 1000)
    assert list(found) == ["a"]
    assert [value for value in found["a"] if not math.isnan(value)] == [0.5, 0.75]
    assert [math.isnan(value) for value in found["a"]] == [True, False, False, True]


def promtool(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """What Prometheus' own tool says; the test is skipped where there is none."""
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed (Debian's prometheus package has it)")
    return subprocess.run([program, *words], capture_output=True, text=True, check=False)


def test_prometheus_computes_the_share_of_failures_where_a_side_is_missing(tmp_path: Path) -> None:
    labels = 'revision="{}",instance="1"'.format
    series = {
        f"good_total{{{labels('calm')}}}": "0+10x60",
        f"good_total{{{labels('mixed')}}}": "0+9x60",
        f"bad_total{{{labels('mixed')}}}": "0+1x60",
        f"bad_total{{{labels('lost')}}}": "0+4x60",
    }
    expected = {"calm": 0.0, "mixed": 0.1, "lost": 1.0}
    case = {
        "interval": "5s",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [
            {
                "expr": expression(ERRORS, 120),
                "eval_time": "4m",
                "exp_samples": [
                    {"labels": f'{{revision="{name}"}}', "value": value} for name, value in expected.items()
                ],
            }
        ],
    }
    file = tmp_path / "tests.json"
    file.write_text(json.dumps({"evaluation_interval": "5s", "tests": [case]}))
    said = promtool("test", "rules", file)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "SUCCESS" in said.stdout


def test_prometheus_takes_every_query(tmp_path: Path) -> None:
    kinds = {
        "jobs_success_total": MetricKind.COUNTER,
        "jobs_failure_total": MetricKind.COUNTER,
        "page_hits_total": MetricKind.COUNTER,
        "page_misses_total": MetricKind.COUNTER,
        "grpc_server_handled_total": MetricKind.COUNTER,
        "http_request_duration_seconds": MetricKind.HISTOGRAM,
        "process_cpu_seconds_total": MetricKind.COUNTER,
        "process_resident_memory_bytes": MetricKind.GAUGE,
    }
    families = {name: Family(name, kind) for name, kind in kinds.items()}
    labels = labels_of({"grpc_code": "OK", "path": '/a"b\\'})
    found = discover(families, lambda _metric: [labels], ['/a"b\\'])
    texts = [text for one in found for text in (expression(one, WINDOW), *queries(one, WINDOW).values())]
    assert len(texts) >= 20
    rules = [{"record": f"signal:{number}", "expr": text} for number, text in enumerate(texts)]
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"groups": [{"name": "signals", "rules": rules}]}))
    said = promtool("check", "rules", file)
    assert said.returncode == 0, said.stderr
    assert f"{len(texts)} rules found" in said.stdout
