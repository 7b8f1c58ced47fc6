"""Engines that fail in ways nobody foresaw: an error like others for whoever asked, and a line in the log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NoReturn

import pytest

from cockpit.live.clock import Clock
from cockpit.live.metrics.counted import CountedEngine
from cockpit.live.telemetry import Telemetry
from cockpit.metrics.engine import QueryError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Failing:
    """An engine that always fails in the same way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def instant(self, *_asked: object, **_named: object) -> NoReturn:
        """Fail."""
        raise self._error

    range = families = series = instant


QUESTIONS: dict[str, Callable[[CountedEngine], Awaitable[object]]] = {
    "instant": lambda engine: engine.instant("up", 0),
    "range": lambda engine: engine.range("up", 0, 1, 1),
    "families": lambda engine: engine.families(),
    "series": lambda engine: engine.series("up"),
}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_what_nobody_foresaw_is_an_error_of_the_query(
    question: str, caplog: pytest.LogCaptureFixture
) -> None:
    telemetry = Telemetry()
    engine = CountedEngine(Failing(MemoryError("no room for 4 GiB")), telemetry, Clock())
    with pytest.raises(QueryError, match="failed over this question") as caught:
        await QUESTIONS[question](engine)
    assert caught.value.mend == "its log file has the details"
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert sum(telemetry.query_failures.values()) == (question in ("instant", "range"))


async def test_its_own_errors_are_left_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    error = QueryError("too much", "limit")
    engine = CountedEngine(Failing(error), Telemetry(), Clock())
    with pytest.raises(QueryError) as caught:
        await engine.instant("up", 0)
    assert caught.value is error
    assert not caplog.records
