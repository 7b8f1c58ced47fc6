"""Rules, evaluated on an engine group by group as they fall due."""

from __future__ import annotations

import logging
import math
from functools import partial
from typing import TYPE_CHECKING

from cockpit.metrics.engine import Answer, QueryError
from cockpit.metrics.rules.model import AlertRule
from cockpit.metrics.rules.plan import queries
from cockpit.metrics.rules.state import RuleBook, recorded

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from cockpit.metrics.alerts import Alert
    from cockpit.metrics.engine import Engine, Sample
    from cockpit.metrics.rules.model import Group, RecordRule, Rule

    Record = Callable[[int, str, Sequence[Sample]], Awaitable[None]]

PAST_STEPS = 120
"""Moments at which a rule is looked at before the start, at the most."""

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
        self._taken_up: set[Group] = set()
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
                self._due[group] = at / 1000 + self._interval_of(group)
                if group not in self._taken_up:
                    await self._take_up(group, at)
                await self._evaluate(group, at)

    def _interval_of(self, group: Group) -> float:
        return group.interval_seconds or self._interval

    async def _take_up(self, group: Group, at: int) -> None:
        """Take up the alerts that began before anybody looked, so that `for` does not begin anew with us."""
        end = _asked_at(group, at)
        for rule in group.alerts:
            length = round(1000 * rule.for_seconds)
            step = max(round(1000 * self._interval_of(group)), math.ceil(length / PAST_STEPS))
            start = end - math.ceil(length / step) * step
            past = await self._answer(partial(self._engine.range, rule.expression, start, end, step))
            if isinstance(past, Answer):
                self._book.take_up(at / 1000, group, rule, past=past, end=end, step=step)
        if self._down is None:
            self._taken_up.add(group)

    async def _evaluate(self, group: Group, at: int) -> None:
        found: list[Sample] = []
        asked_at = _asked_at(group, at)
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
            outcomes[query] = await self._answer(partial(self._engine.instant, query, at))
        return outcomes

    async def _answer(self, question: Callable[[], Awaitable[Answer]]) -> Answer | QueryError:
        """What the engine says, which is not asked where it failed in this step already."""
        if self._down is not None:
            return self._down
        try:
            return await question()
        except QueryError as error:
            self._down = error if error.of_engine else None
            return error


def _asked_at(group: Group, at: int) -> int:
    """The moment that the expressions of a group are asked for at a moment, both in milliseconds."""
    return at - round(1000 * (group.offset_seconds or 0.0))


def _samples(rule: RecordRule, group: Group, outcomes: dict[str, Answer | QueryError]) -> tuple[Sample, ...]:
    """What a recording rule gives; nothing where it cannot, so that who reads it has no data."""
    try:
        return recorded(rule, group, outcomes[rule.expression])
    except QueryError as error:
        logger.warning("%s: %s gives nothing: %s", rule.place, rule.name, error)
        return ()
