"""Rules, evaluated on an engine group by group as they fall due."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cockpit.live.metrics.appraisal import OF_THE_ENGINE
from cockpit.metrics.engine import QueryError
from cockpit.metrics.rules.model import AlertRule
from cockpit.metrics.rules.plan import queries
from cockpit.metrics.rules.state import RuleBook, recorded

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from cockpit.metrics.alerts import Alert
    from cockpit.metrics.engine import Answer, Engine, Sample
    from cockpit.metrics.rules.model import Group, RecordRule, Rule

    Record = Callable[[int, str, Sequence[Sample]], Awaitable[None]]


logger = logging.getLogger(__name__)


class Ruling:
    """The rules of some groups. `record` keeps what a recording rule gives (epoch milliseconds, group, samples);
    None where the engine has its own recordings. `interval` (seconds) is for groups that name none."""

    def __init__(self, groups: Sequence[Group], engine: Engine, interval: float, record: Record | None) -> None:
        self._groups = groups
        self._engine = engine
        self._interval = interval
        self._record = record
        self._book = RuleBook(groups)
        self._due: dict[Group, float] = {}
        self._down: QueryError | None = None

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Every alert as it stood when its rule was evaluated last."""
        return self._book.alerts

    async def step(self, at: int) -> None:
        """Evaluate every group that is due at `at` (epoch milliseconds).

        Where the engine itself fails it is not asked again in this step: every rule is broken for that reason.
        """
        self._down = None
        for group in self._groups:
            if at / 1000 >= self._due.get(group, 0.0):
                self._due[group] = at / 1000 + (group.interval_seconds or self._interval)
                await self._evaluate(group, at)

    async def _evaluate(self, group: Group, at: int) -> None:
        found: list[Sample] = []
        asked_at = at - round(1000 * (group.offset_seconds or 0.0))
        for rule in group.rules:
            outcomes = await self._outcomes(rule, asked_at)
            if isinstance(rule, AlertRule):
                self._book.step(at / 1000, group, rule, outcomes)
            elif self._record is not None:
                found += _samples(rule, group, outcomes)
                # At once, so that the next rule of the group may read it.
                await self._record(at, group.name, found)

    async def _outcomes(self, rule: Rule, at: int) -> dict[str, Answer | QueryError]:
        outcomes: dict[str, Answer | QueryError] = {}
        try:
            wanted = queries(rule)
        except QueryError as error:
            return {rule.expression: error}
        for query in wanted:
            try:
                outcomes[query] = self._down or await self._engine.instant(query, at)
            except QueryError as error:
                outcomes[query] = error
                self._down = error if error.kind in OF_THE_ENGINE else None
        return outcomes


def _samples(rule: RecordRule, group: Group, outcomes: dict[str, Answer | QueryError]) -> tuple[Sample, ...]:
    """What a recording rule gives; nothing where it cannot, so that who reads it has no data."""
    try:
        return recorded(rule, group, outcomes[rule.expression])
    except QueryError as error:
        logger.warning("%s: %s gives nothing: %s", rule.place, rule.name, error)
        return ()
