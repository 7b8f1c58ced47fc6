"""The same samples give the same signals, whether the cockpit or a real Prometheus answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from cockpit.live.metrics.appraisal import Appraisal
from cockpit.live.metrics.discovery import Discovery
from cockpit.metrics.labels import NAME, value_of
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from cockpit.sources.prometheus.engine import Remote, RemoteEngine
from tests.metrics.promql.recorded import recorded
from tests.prometheus_server import needs_prometheus, running_prometheus, scrape_config
from tests.simulated import running_simulator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cockpit.metrics.engine import Answer
    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.signals.reading import Reading
    from tests.metrics.promql.memory import MemoryStorage

pytestmark = [pytest.mark.slow, needs_prometheus]

SCRAPES, WINDOW = 25, 60
STABLE, CANARY = "emergence-app-00275-2jb", "emergence-app-00279-kub"


@dataclass(frozen=True, slots=True)
class Ours:
    """The cockpit's evaluator on what Prometheus scraped; `told` is what the endpoint says of its metrics."""

    storage: MemoryStorage
    told: Mapping[str, Family]

    async def instant(self, expression: str, at: int) -> Answer:
        """The value at one moment."""
        return evaluate_instant(expression, self.storage, at)

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """The values of a span."""
        return evaluate_range(expression, self.storage, start, end, step)

    async def families(self) -> Mapping[str, Family]:
        """Every metric."""
        return self.told

    async def series(self, metric: str) -> Sequence[Labels]:
        """The label sets of one metric."""
        return [each for each in self.storage.series if value_of(each, NAME) == metric]


async def test_another_engine_reads_the_same_signals(tmp_path: Path) -> None:
    """Found from the same metrics, of the same revisions, and with the same values and intervals."""
    targets = {
        "emergence-app": {"service": "emergence-app", "revision": STABLE},
        "canary---emergence-app": {"service": "emergence-app", "revision": CANARY, "tag": "canary"},
    }
    with (
        running_simulator("bad-canary", "--load", "40") as local,
        running_prometheus(tmp_path, [scrape_config(local, targets)]) as server,
    ):
        server.wait_for(f"min(count_over_time(up[2m])) >= {SCRAPES}", 90)
        [newest] = server.get("query", query="min(timestamp(up))")["result"]
        at = int(float(newest["value"][1]) * 1000)
        theirs = RemoteEngine(Remote(server.url))
        try:
            ours = Ours(recorded(server, at, 120), await theirs.families())
            found = [await Discovery((), ()).signals(engine, 0.0) for engine in (ours, theirs)]
            assert found[0] == found[1]
            mine, other = [
                await Appraisal(engine, WINDOW, WINDOW, 5000).readings(found[0], at, 0.0)
                for engine in (ours, theirs)
            ]
        finally:
            await theirs.close()
    read = [one.signal.id for one in mine if one.estimates]
    assert {"errors", "p95", "cache-hit", "memory"} <= set(read)
    for one, two in zip(mine, other, strict=True):
        assert (one.problem, two.problem) == ("", "")
        assert_alike(one, two)


def assert_alike(one: Reading, two: Reading) -> None:
    """Debian's Prometheus is of the 2.x line, which cuts the rate of a counter that began in the window a little
    otherwise: what is added up may differ by that little."""
    assert one.estimates.keys() == two.estimates.keys()
    assert one.courses.keys() == two.courses.keys()
    for name, estimate in one.estimates.items():
        for field in ("value", "low", "high", "n"):
            mine, other = getattr(estimate, field), getattr(two.estimates[name], field)
            assert mine == pytest.approx(other, rel=0.05, abs=0.02), (one.signal.id, name, field)
