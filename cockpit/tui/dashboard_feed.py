"""What the panels of a dashboard ask of an engine: a question of several panels once, a panel one at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.questions import panel_window
from cockpit.metrics.engine import QueryError
from cockpit.metrics.promql.describe import selectors
from cockpit.tui.charts.view import Window as Times
from cockpit.tui.panels.outcome import Outcome

if TYPE_CHECKING:
    from cockpit.metrics.dashboards.intervals import Window
    from cockpit.metrics.dashboards.model import Panel
    from cockpit.metrics.dashboards.questions import Question
    from cockpit.metrics.engine import Answer, Engine
    from cockpit.tui.dashboard_sight import Sight

Key = tuple[str, int, int, int, bool]

AT_ONCE = 4
"""Questions an engine is asked at a time: a remote one has others to answer, too."""


class DashboardFeed:
    """Asks an engine. Whoever wants the same as somebody else waits for the same answer.

    An answer is kept until `forget`, so that panels that come into view later have it at once.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._room = asyncio.Semaphore(AT_ONCE)
        self._known: set[str] = set()
        self._found: dict[Key, asyncio.Future[Answer | QueryError]] = {}
        self.asked = 0

    def forget(self) -> None:
        """Time has gone on: what was answered is asked anew, what is under way is answered to those who wait."""
        self._found = {key: future for key, future in self._found.items() if not future.done()}

    async def outcome(self, sight: Sight, panel: Panel, window: Window) -> Outcome:
        """What a panel's questions come to, asked one by one."""
        questions, variables = sight.questions(panel, window)
        answers = [_refused(question) or await self._answer(question) for question in questions]
        empty = [
            question
            for question, answer in zip(questions, answers, strict=True)
            if not isinstance(answer, QueryError) and not answer.lines and not answer.samples
        ]
        unknown = frozenset([name for question in empty for name in await self._strangers(question)])
        own = panel_window(panel, window)
        times = Times(own.start / 1000, own.end / 1000)
        return Outcome(questions, tuple(answers), times, variables, unknown)

    async def _answer(self, question: Question) -> Answer | QueryError:
        """The answer, asked for here or by another panel; where that one is gone meanwhile, here after all."""
        key = question.key
        while (future := self._found.get(key)) is not None:
            try:
                return await asyncio.shield(future)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not future.cancelled() or (task is not None and task.cancelling()):
                    raise  # it is we who are not wanted any more
        future = self._found[key] = asyncio.get_running_loop().create_future()
        try:
            async with self._room:
                found = await self._ask(question)
        except BaseException:
            future.cancel()
            if self._found.get(key) is future:
                del self._found[key]
            raise
        future.set_result(found)
        return found

    async def _ask(self, question: Question) -> Answer | QueryError:
        self.asked += 1
        try:
            if question.instant:
                return await self.engine.instant(question.expression, question.end)
            return await self.engine.range(question.expression, question.start, question.end, question.step)
        except QueryError as error:
            return error

    async def _strangers(self, question: Question) -> list[str]:
        """The metrics in an expression that the engine has no series of."""
        try:
            names = {selector.name for selector in selectors(question.expression)} - {"", *self._known}
            found = {name: bool(await self.engine.series(name)) for name in sorted(names)}
        except QueryError:
            return []
        self._known |= {name for name, there in found.items() if there}
        return [name for name, there in found.items() if not there]


def _refused(question: Question) -> QueryError | None:
    """Why a question is not even asked."""
    if not question.unknown:
        return None
    names = ", ".join(f"${name}" for name in question.unknown)
    return QueryError(f"no variable is called {names}", "variable", "the dashboard has to define it")
