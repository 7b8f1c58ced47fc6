"""What expressions of one moment have in common is read once, and comes to the same."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from benchmarks.screenful import EXPRESSIONS, STEP, Screenful
from cockpit.live.metrics.kept import Kept
from cockpit.live.metrics.local import LocalEngine
from cockpit.live.metrics.worker import Worker
from cockpit.metrics.labels import labels_of
from cockpit.metrics.promql.local import evaluate_instant
from cockpit.metrics.series import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.metrics.matchers import Matcher
    from cockpit.metrics.promql.nodes import Node
    from cockpit.metrics.promql.scope import Rolled


class Counting:
    """A storage that counts how often it is read."""

    def __init__(self, screen: Screenful) -> None:
        self._store = screen.store
        self.reads = 0

    def select(self, matchers: Sequence[Matcher], start: int, end: int) -> Sequence[Block]:
        """What the store has."""
        self.reads += 1
        return self._store.select(matchers, start, end)


@pytest.fixture(scope="module")
def screen() -> Screenful:
    """Ten processes, scraped for an hour."""
    return Screenful(int(time.time()) // 60 * 60_000 - 720 * STEP)


def test_a_screen_of_expressions_comes_to_the_same(screen: Screenful) -> None:
    rolled: dict[Node, Rolled] = {}
    for expression in EXPRESSIONS * 2:
        apart, together = (
            evaluate_instant(expression, screen.store, screen.now, rolled=known) for known in (None, rolled)
        )
        assert repr(together) == repr(apart)  # in which a NaN is a NaN


def test_what_was_read_is_not_read_again(screen: Screenful) -> None:
    rolled: dict[Node, Rolled] = {}
    storage = Counting(screen)
    rate = "rate(memory_analysis_success_total[5m])"
    evaluate_instant(f"sum({rate}) / count({rate})", storage, screen.now, rolled=rolled)
    evaluate_instant(f"max by (revision) ({rate})", storage, screen.now, rolled=rolled)
    assert storage.reads == 1
    evaluate_instant(rate.replace("5m", "6m"), storage, screen.now, rolled=rolled)
    assert storage.reads == 2


def test_notes_are_given_again(screen: Screenful) -> None:
    rolled: dict[Node, Rolled] = {}
    asked = "sum(rate(process_resident_memory_bytes[5m]))"
    first, again = (evaluate_instant(asked, screen.store, screen.now, rolled=rolled) for _ in range(2))
    assert first.notes
    assert again.notes == first.notes


def test_results_that_are_shared_cannot_be_written_to(screen: Screenful) -> None:
    rolled: dict[Node, Rolled] = {}
    evaluate_instant("rate(memory_analysis_success_total[5m])", screen.store, screen.now, rolled=rolled)
    ((known, _),) = rolled.values()
    with pytest.raises(ValueError, match="read-only"):
        known.values[0, 0] = 1.0


async def test_the_engine_looks_again_when_samples_have_come() -> None:
    kept, worker = Kept("app", minutes=60, mebibytes=16), Worker()
    engine = LocalEngine(kept, worker)
    series = labels_of({"__name__": "x"})

    async def asked() -> list[float]:
        return [sample.value for sample in (await engine.instant("sum_over_time(x[5m])", 60_000)).samples]

    try:
        kept.store.append_samples(30_000, [(series, 1.0)])
        assert await asked() == await asked() == [1.0]
        kept.store.append_samples(45_000, [(series, 2.0)])
        assert await asked() == [3.0]
    finally:
        worker.close()
