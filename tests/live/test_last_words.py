"""What failed revisions said last: asked once, of the right ones, and the exception among many lines."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from cockpit.live.logs.last_words import AGAIN, MOST_TRIES, LastWords, last_words
from cockpit.release.service import Condition, ConditionState, Revision, Template
from cockpit.sources.cloudlogging import CloudLogging
from tests.live.logs_local import connection_to, write
from tests.sources.local import CANARY, REF, STABLE, Cloud, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.live.clocks import FakeClock

TRACEBACK = (
    "Traceback (most recent call last):",
    '  File "main.py", line 3, in <module>',
    "ModuleNotFoundError: No module named 'backend'",
)


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    """A local Cloud Logging that answers while the test runs."""
    async with serving() as running:
        yield running


def failed(
    name: str, reason: str = "HEALTH_CHECK_CONTAINER_ERROR", message: str = "It did not start."
) -> Revision:
    """A revision that is not ready, for a reason."""
    ready = Condition("Ready", ConditionState.FAILED, reason, message)
    return Revision(name, Template(image="app"), (ready,), created=datetime.now(UTC))


async def test_the_exception_that_ended_it_is_what_it_said(cloud: Cloud, fake: FakeClock) -> None:
    for number, line in enumerate(TRACEBACK):
        write(cloud.logs, line, number * 0.001, revision=CANARY)
    write(cloud.logs, "Container called exit(1).", 1, log="varlog%2Fsystem", revision=CANARY, severity=500)
    write(cloud.logs, "ValueError: of another revision", 2, revision=STABLE)
    words = LastWords(CloudLogging(cloud.connect()), REF, fake.clock)
    assert await words.of([failed(CANARY)]) == {CANARY: "No module named 'backend'"}
    asked = cloud.log_calls["ListLogEntries"]
    assert await words.of([failed(CANARY)]) == {CANARY: "No module named 'backend'"}
    assert cloud.log_calls["ListLogEntries"] == asked


async def test_only_those_whose_conditions_do_not_say_why_are_asked_about(cloud: Cloud, fake: FakeClock) -> None:
    words = LastWords(CloudLogging(cloud.connect()), REF, fake.clock)
    ready = Revision(STABLE, Template(image="app"), (Condition("Ready", ConditionState.SUCCEEDED),))
    told = failed(CANARY, message="it ended with KeyError: 'PORT'")
    assert await words.of([ready, told, failed("app-3", reason="CONTAINER_MISSING")]) == {}
    assert cloud.log_calls["ListLogEntries"] == 0


async def test_what_is_not_there_yet_is_asked_for_again_and_not_for_ever(cloud: Cloud, fake: FakeClock) -> None:
    words = LastWords(CloudLogging(cloud.connect()), REF, fake.clock)
    for tries in range(1, MOST_TRIES + 3):
        assert await words.of([failed(CANARY)]) == {}
        assert await words.of([failed(CANARY)]) == {}
        assert cloud.log_calls["ListLogEntries"] == min(tries, MOST_TRIES)
        await fake.advance(AGAIN + 1)


async def test_a_log_that_cannot_be_read_is_no_reason_to_end(unused_tcp_port: int, fake: FakeClock) -> None:
    connection = connection_to(unused_tcp_port)
    assert await LastWords(CloudLogging(connection), REF, fake.clock).of([failed(CANARY)]) == {}
    await connection.close()


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ((), ""),
        (("starting", "cannot bind: address in use", "  "), "cannot bind: address in use"),
        (
            ("java.lang.IllegalStateException: none\n\tat a.B.c(B.java:1)", "bye"),
            "IllegalStateException: none",
        ),
        (("ValueError: first", "KeyError: 'last'", "bye"), "KeyError: 'last'"),
    ],
)
def test_the_last_exception_counts_and_without_one_the_last_line(texts: tuple[str, ...], words: str) -> None:
    assert last_words(texts) == words
