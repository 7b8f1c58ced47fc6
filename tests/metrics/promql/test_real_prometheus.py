"""The evaluator beside a real Prometheus, on what that scraped from the simulator.

Debian's server is of the 2.x line. Where Prometheus 3 differs by intention, the test stays out of the way. Moments
are chosen so that no sample lies on a window's left edge, which 3 leaves out. Rates are compared where they stand
on a whole window: of a counter that began inside it, 3 looks for the zero after it cut the way to the edge, 2
before. And 2 kept the name in `atan2`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from cockpit.metrics.labels import notation
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from tests.metrics.promql.memory import MemoryStorage
from tests.metrics.promql.recorded import Answered, answered, instantly, over_steps, recorded
from tests.prometheus_server import PrometheusServer, needs_prometheus, running_prometheus, scrape_config
from tests.simulated import running_simulator

pytestmark = [pytest.mark.slow, needs_prometheus]

SCRAPES = 25
HELD = 120
"""Seconds that are read back: all that was scraped."""

TARGETS = {
    "emergence-app": {"revision": "stable"},
    "canary---emergence-app": {"revision": "canary"},
}


def whole(function: str, metric: str, seconds: int, modifier: str = "") -> str:
    """A rate of the series that were scraped in every second of the window."""
    window = f"{metric}[{seconds}s] {modifier}"
    return f"({function}({window}) and count_over_time({window}) >= {seconds})"


PLAIN = """
up
process_start_time_seconds
{__name__=~"process_.*_bytes", revision="canary"}
{__name__=~".+_total", revision!="canary", generation=~"0|"}
process_open_fds offset 5s
process_open_fds offset -2s
irate(process_cpu_seconds_total[10s])
idelta(process_open_fds[10s])
delta(process_resident_memory_bytes[10s])
deriv(process_resident_memory_bytes[10s])
predict_linear(process_resident_memory_bytes[10s], 60)
changes(process_start_time_seconds[15s])
resets(process_cpu_seconds_total[15s])
avg_over_time(process_cpu_seconds_total[12s])
min_over_time(process_cpu_seconds_total[12s])
max_over_time(process_cpu_seconds_total[12s])
sum_over_time(process_cpu_seconds_total[12s])
count_over_time(process_cpu_seconds_total[12s])
last_over_time(process_cpu_seconds_total[12s])
present_over_time(process_cpu_seconds_total[12s])
stddev_over_time(process_resident_memory_bytes[12s])
stdvar_over_time(process_cpu_seconds_total[12s])
quantile_over_time(0.9, process_cpu_seconds_total[12s])
absent(no_such_metric{a="1"})
absent_over_time(up[10s])
sum(process_open_fds)
avg by (revision) ({__name__=~"process_.+"})
min by (__name__) ({__name__=~"process_.+"})
max by (__name__, revision) ({__name__=~"process_.+"})
count by (__name__) ({job="simulator"})
count({job="simulator"})
group by (revision) (up)
stddev by (revision) ({__name__=~".+_bucket"})
stdvar({__name__=~".+_bucket"})
quantile by (revision) (0.75, {__name__=~".+_bucket"})
topk(1, process_start_time_seconds)
bottomk(1, process_start_time_seconds)
count_values("value", up)
histogram_quantile(0.5, memory_analysis_duration_seconds_bucket)
histogram_quantile(0.9, sum by (le, revision) (concept_recall_similarity_score_bucket))
memory_analysis_duration_seconds_sum / memory_analysis_duration_seconds_count
process_cpu_seconds_total * 1000 % 7
2 ^ 3 ^ 2
-process_open_fds
process_open_fds > bool 5
process_open_fds > 5 and up == 1
process_open_fds or up
process_open_fds unless on (revision) up{revision="canary"}
process_open_fds / on (instance) process_max_fds
process_resident_memory_bytes / ignoring (revision) process_virtual_memory_bytes
python_gc_collections_total / on (instance) group_left (revision) up
up * on (instance) group_right () python_gc_collections_total
sum(process_open_fds atan2 process_max_fds)
label_replace(up, "short", "$1-$2", "instance", "(.)(.).*")
label_join(up, "both", "/", "job", "revision")
round(process_cpu_seconds_total, 0.1)
clamp(process_open_fds, 2, 4)
clamp_min(process_cpu_seconds_total, 0.2)
abs(process_cpu_seconds_total - 1)
ceil(process_cpu_seconds_total)
floor(process_cpu_seconds_total)
exp(process_cpu_seconds_total)
ln(process_cpu_seconds_total)
log2(process_open_fds)
sqrt(process_open_fds)
sgn(process_open_fds - 5)
deg(atan(process_open_fds))
timestamp(process_open_fds)
year(process_start_time_seconds)
day_of_week()
day_of_year(process_start_time_seconds)
hour(process_start_time_seconds)
minute(vector(time()))
scalar(sum(up)) + 1
vector(scalar(up{revision="canary"}))
time()
pi()
avg_over_time((process_open_fds offset $shift)[10s:1s])
sum_over_time(count_over_time(up[4s] offset $shift)[9s:3s])
sum by (revision) (process_open_fds @ end())
"""

FAILURES, SUCCESSES = (whole("rate", f"memory_analysis_{outcome}_total", 15) for outcome in ("failure", "success"))
RATES = (
    whole("rate", "process_cpu_seconds_total", 10),
    whole("increase", "memory_analysis_cache_misses_total", 15),
    f"sum by (revision) ({whole('rate', 'memory_analysis_success_total', 10)})",
    f"sum without (instance, job) ({whole('rate', 'memory_analysis_success_total', 10)})",
    f"histogram_quantile(0.95, sum by (le) ({whole('rate', 'memory_analysis_duration_seconds_bucket', 15)}))",
    f"sum({FAILURES}) / sum({SUCCESSES})",
    f"max_over_time(sum by (revision) ({whole('rate', 'process_cpu_seconds_total', 5, 'offset $shift')})[10s:2s])",
    whole("rate", "process_cpu_seconds_total", 10, "@ end()"),
)
EXPRESSIONS = (*PLAIN.strip().splitlines(), *RATES)


@dataclass(frozen=True, slots=True)
class Beside:
    """The real server, the same samples here, a moment off their grid, and the way from a full second to it."""

    server: PrometheusServer
    storage: MemoryStorage
    at: int
    shift: int

    def expression(self, template: str) -> str:
        """Subqueries look at full seconds: what is inside them is moved off the grid, too."""
        return template.replace("$shift", f"{self.shift}ms")


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    folder = tmp_path_factory.mktemp("prometheus")
    with (
        running_simulator("bad-canary", "--load", "40") as simulator,
        running_prometheus(folder, [scrape_config(simulator, TARGETS)]) as server,
    ):
        server.wait_for(f"min(count_over_time(up[{HELD}s])) >= {SCRAPES}", 90)
        [newest] = server.get("query", query="min(timestamp(up))")["result"]
        last = int(float(newest["value"][1]) * 1000)
        storage = recorded(server, last, HELD)
        shift = _off_the_grid(storage)
        # Some seconds are left behind it, for what looks ahead.
        yield Beside(server, storage, (last // 1000 - 4) * 1000 + 1000 - shift, shift)


def _off_the_grid(storage: MemoryStorage) -> int:
    """The milliseconds before a full second that are farthest from when samples were taken."""
    taken = {time % 1000 for samples in storage.series.values() for time in samples}
    return max(range(1, 1000), key=lambda shift: min(_apart(-shift, each) for each in taken))


def _apart(one: int, other: int) -> int:
    return min((one - other) % 1000, (other - one) % 1000)


@pytest.mark.parametrize("template", EXPRESSIONS)
def test_an_instant_is_what_prometheus_says(beside: Beside, template: str) -> None:
    expression = beside.expression(template)
    theirs = instantly(beside.server, expression, beside.at)
    ours = evaluate_instant(expression, beside.storage, beside.at)
    _compare(theirs, answered(ours, beside.at))


@pytest.mark.parametrize("template", EXPRESSIONS)
def test_a_range_is_what_prometheus_says(beside: Beside, template: str) -> None:
    expression, start = beside.expression(template), beside.at - 8_000
    theirs = over_steps(beside.server, expression, start, beside.at, 2_000)
    ours = evaluate_range(expression, beside.storage, start, beside.at, 2_000)
    _compare(theirs, answered(ours, beside.at))


def test_the_samples_are_worth_comparing(beside: Beside) -> None:
    """Enough of them, with whole windows, and of requests that were answered."""
    assert len(beside.storage.series) > 100
    assert sum(map(len, beside.storage.series.values())) > 2000
    for expression in (
        whole("rate", "process_cpu_seconds_total", 10),
        "sum_over_time(memory_analysis_success_total[20s])",
    ):
        assert instantly(beside.server, expression, beside.at), expression


def _compare(theirs: Answered, ours: Answered) -> None:
    assert sorted(map(notation, ours)) == sorted(map(notation, theirs))
    for labels, samples in theirs.items():
        assert ours[labels] == pytest.approx(samples, rel=1e-7, abs=1e-12, nan_ok=True), notation(labels)
