"""Rules run on samples by the cockpit's own evaluator, moment by moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.engine import Answer, QueryError
from cockpit.metrics.labels import NAME, labels_of
from cockpit.metrics.promql.local import evaluate_instant
from cockpit.metrics.rules.plan import queries
from cockpit.metrics.rules.state import RuleBook
from tests.metrics.promql.memory import MemoryStorage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cockpit.metrics.alerts import Alert
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.rules.model import AlertRule, Group

START = 1_800_000_000


def series(metric: str, **labels: str) -> Labels:
    """A label set by its metric and labels."""
    return labels_of({NAME: metric, **labels})


class Watched:
    """One alert rule, its samples, and its alerts. Times are seconds after START."""

    def __init__(self, group: Group, rule: AlertRule, external: Mapping[str, str] | None = None) -> None:
        self.group, self.rule = group, rule
        self.book = RuleBook([group], external)
        self.storage = MemoryStorage()

    def gauge(self, labels: Labels, values: Iterable[float | None], every: int = 60) -> None:
        """Samples of one series; None where there is none."""
        stamped = ((START + at * every, value) for at, value in enumerate(values))
        self.storage.add(labels, [(at * 1000, value) for at, value in stamped if value is not None])

    def counter(self, labels: Labels, per_second: Callable[[int], float], seconds: int, every: int = 10) -> None:
        """A counter that is scraped and grows by so much a second."""
        total, samples = 0.0, []
        for at in range(0, seconds + 1, every):
            samples.append(((START + at) * 1000, total))
            total += per_second(at) * every
        self.storage.add(labels, samples)

    def step(self, at: int, lookback: int = 60) -> tuple[Alert, ...]:
        """Evaluate the rule's queries at this moment, and step."""
        outcomes = {query: self._outcome(query, at, lookback) for query in queries(self.rule)}
        return self.book.step(START + at, self.group, self.rule, outcomes)

    def states(self, moments: Iterable[int], lookback: int = 60) -> list[list[str]]:
        """The states of the rule's alerts at these moments."""
        return [[alert.state.value for alert in self.step(at, lookback)] for at in moments]

    def _outcome(self, query: str, at: int, lookback: int) -> Answer | QueryError:
        try:
            return evaluate_instant(query, self.storage, (START + at) * 1000, lookback=lookback * 1000)
        except QueryError as error:
            return error
