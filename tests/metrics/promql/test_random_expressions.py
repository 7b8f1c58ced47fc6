"""Random expressions over varied series, answered here and by a real Prometheus.

The seeds are fixed, so that a failure comes back; other seeds are as good. The expressions stay clear of what 2.x
answers differently by intention, but for one thing: that two series match one is an error to 3 also where the
comparison keeps neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import httpx
import pytest

from cockpit.metrics.engine import Answer, QueryError
from cockpit.metrics.labels import notation
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from cockpit.metrics.series import Storage
from cockpit.metrics.store import Store
from tests.metrics.promql.expressions import Expressions
from tests.metrics.promql.memory import MemoryStorage
from tests.metrics.promql.recorded import Answered, answered, series_of
from tests.metrics.promql.remote_write import write_samples
from tests.metrics.promql.varied import BEGIN, EVERY, SCRAPES, varied_series
from tests.prometheus_server import needs_prometheus, running_prometheus

pytestmark = [pytest.mark.slow, needs_prometheus]

EXPRESSIONS = 200
"""By seed."""

FULL_SECOND = BEGIN // 1000 * 1000
OFF_THE_GRID = 137
STRICTER = "multiple matches for labels"


@dataclass(frozen=True, slots=True)
class Moments:
    """What is asked for: an instant where start and end are the same; epoch milliseconds."""

    start: int
    end: int
    step: int


@dataclass(frozen=True, slots=True)
class Beside:
    """A real server, and the same samples here: as one block with gaps, and as the store has them."""

    client: httpx.Client
    storages: tuple[Storage, ...]

    def theirs(self, expression: str, asked: Moments) -> Answered | str:
        """Prometheus' answer, or its error."""
        times: dict[str, str | float] = {"time": asked.end / 1000}
        if asked.start != asked.end:
            times = {"start": asked.start / 1000, "end": asked.end / 1000, "step": asked.step / 1000}
        path = "query" if asked.start == asked.end else "query_range"
        answer = self.client.post(path, data={"query": expression, **times}).json()
        return series_of(answer["data"]) if answer["status"] == "success" else str(answer["error"])

    def ours(self, expression: str, asked: Moments, storage: Storage) -> Answered | str:
        """The answer here, or the error."""
        try:
            return answered(_evaluated(expression, asked, storage), asked.end)
        except QueryError as error:
            return str(error)


def _evaluated(expression: str, asked: Moments, storage: Storage) -> Answer:
    if asked.start == asked.end:
        return evaluate_instant(expression, storage, asked.end)
    return evaluate_range(expression, storage, asked.start, asked.end, asked.step)


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    series = varied_series(Random(3))
    store = Store(retention_ms=2 * EVERY * SCRAPES, max_bytes=64 << 20)
    store.load((labels, list(samples), list(samples.values())) for labels, samples in series.items())
    folder = tmp_path_factory.mktemp("prometheus")
    with (
        running_prometheus(folder, [], "--web.enable-remote-write-receiver") as server,
        httpx.Client(base_url=f"{server.url}/api/v1/", trust_env=False) as client,
    ):
        write_samples(server.url, series)
        yield Beside(client, (MemoryStorage(series), store))


@pytest.mark.parametrize("seed", range(4))
def test_random_expressions_come_to_what_prometheus_says(beside: Beside, seed: int) -> None:
    random = Random(seed)
    expressions = Expressions(random)
    told, differences = 0, []
    for _ in range(EXPRESSIONS):
        expression, asked = expressions.next(), _moments(random)
        theirs = beside.theirs(expression, asked)
        told += bool(theirs) and not isinstance(theirs, str)
        ours = (beside.ours(expression, asked, storage) for storage in beside.storages)
        found = next(filter(None, (_difference(theirs, each) for each in ours)), "")
        differences += [f"{expression}\n  {asked}: {found}"] if found else []
    assert not differences, "\n".join(differences)
    assert told > EXPRESSIONS / 2


def _moments(random: Random) -> Moments:
    """Within the samples or somewhat before and behind, and on no sample's moment."""
    end = FULL_SECOND + random.randrange(EVERY * SCRAPES // 1000 + 200) * 1000 + OFF_THE_GRID
    if random.random() < 0.4:
        return Moments(end, end, 0)
    return Moments(end - random.choice((60, 300, 900)) * 1000, end, random.choice((15, 37, 60)) * 1000)


def _difference(theirs: Answered | str, ours: Answered | str) -> str:
    """What is not the same, "" where nothing is; errors are, in whatever words."""
    if isinstance(ours, str):
        return "" if isinstance(theirs, str) or ours.startswith(STRICTER) else f"we fail: {ours}"
    if isinstance(theirs, str):
        return f"they fail: {theirs}"
    for labels in theirs.keys() | ours.keys():
        one, other = theirs.get(labels, {}), ours.get(labels, {})
        if one != pytest.approx(other, rel=1e-6, abs=1e-9, nan_ok=True):
            return f"{notation(labels)}: they have {one}, we {other}"
    return ""
