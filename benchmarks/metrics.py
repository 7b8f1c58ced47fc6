"""What live metrics cost: CPU beside the same cockpit without them, how late the loop is, what scrapes take."""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import NamedTuple

import httpx
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.figures import Figure, percentile
from benchmarks.lag import delays
from benchmarks.local import cockpit
from tests.simulated import Local, running_simulator
from tests.terminal import Terminal

SECONDS = 60
SETTLING = 20.0
"""Seconds until signals are read at their own pace."""

EXPORTED = "[metrics.exporter]\nport = 0\n"
OFF = EXPORTED + "".join(f'[[metrics.targets]]\ntag = "{tag}"\nscrape = false\n' for tag in ("", "canary"))
URL = re.compile(rb"http://127\.0\.0\.1:\d+/metrics")


class _Minute(NamedTuple):
    """CPU seconds, and what the cockpit counted meanwhile, by sample name."""

    cpu: float
    counted: Counter[str]

    def mean(self, name: str) -> float:
        """Milliseconds on average, of a histogram of seconds."""
        return 1000 * self.counted[f"{name}_sum"] / self.counted[f"{name}_count"]


def measure() -> list[Figure]:
    """A bad canary: two revisions told apart, signals, rules and a chart, all of it on the screen."""
    with running_simulator("bad-canary") as local:
        without, with_metrics = _minute(local, OFF), _minute(local, EXPORTED)
        late = delays(local, SECONDS)["steady"]
    scrapes = with_metrics.counted["cockpit_scrape_duration_seconds_count"]
    return [
        Figure(
            "steady CPU, live metrics", with_metrics.cpu, "s/min", note=f"{scrapes:.0f} scrapes in {SECONDS} s"
        ),
        Figure("steady CPU, the same without", without.cpu, "s/min"),
        Figure(
            "loop lag with live metrics, p99", percentile(late, 0.99), "ms", note=f"{SECONDS} s of naps of 2 ms"
        ),
        Figure("loop lag with live metrics, worst", max(late), "ms"),
        Figure("scrape, mean", with_metrics.mean("cockpit_scrape_duration_seconds"), "ms"),
        Figure("query, mean", with_metrics.mean("cockpit_query_duration_seconds"), "ms", note="queueing included"),
    ]


def _minute(local: Local, more: str) -> _Minute:
    with cockpit(local, more=more) as terminal:
        [url] = set(URL.findall(terminal.raw))
        _watch(terminal, SETTLING)
        cpu, counted = terminal.cpu(), _counted(url.decode())
        _watch(terminal, SECONDS)
        spent, since = terminal.cpu() - cpu, _counted(url.decode())
    since.subtract(counted)
    return _Minute(spent * 60 / SECONDS, since)


def _watch(terminal: Terminal, seconds: float) -> None:
    """Take what the app draws, for so long."""
    deadline = time.perf_counter() + seconds
    while (left := deadline - time.perf_counter()) > 0:
        terminal.settle(left, left)


def _counted(url: str) -> Counter[str]:
    """What the cockpit has counted: its samples by name, those of all labels in one."""
    text = httpx.get(url, trust_env=False).raise_for_status().text
    counted: Counter[str] = Counter()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            counted[sample.name] += sample.value  # type: ignore[assignment]
    return counted
