"""A service's log followed live: what is at hand, what is asked for, and what is said of what is not."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.live.logs.reading import Mode
from cockpit.live.snapshot import FeedState
from cockpit.logs.entry import Flag, Severity
from cockpit.logs.query.pushdown import Pushed
from cockpit.simulator.logs import Limits, LogSettings
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.errors import DeniedError, UnreachableError
from tests.live.logs_local import PACE, connection_to, followed, following, live_logs, rows, texts, write
from tests.sources.local import CANARY, PROJECT, REF, serving, until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from cockpit.live.logs.service import LiveLogs
    from tests.sources.local import Cloud

ERRORS = Pushed("severity>=ERROR", exact=True)


@pytest.fixture
async def cloud() -> Any:
    """A local Cloud Logging that answers while the test runs."""
    async with serving() as running:
        yield running


def streaming(logs: LiveLogs) -> bool:
    return logs.state.mode is Mode.STREAMING


async def test_the_last_minutes_are_there_and_then_what_comes(cloud: Cloud) -> None:
    for age in (900.0, 500.0, 10.0):
        write(cloud.logs, f"{age:g} s ago", -age)
    async with followed(cloud.port) as logs:
        await until(lambda: streaming(logs) and len(logs.store) == 2)
        assert texts(logs) == ["500 s ago", "10 s ago"]
        write(cloud.logs, "now", revision=CANARY, severity=500, trace=f"projects/{PROJECT}/traces/{'ab' * 16}")
        await until(lambda: len(logs.store) == 3)
        row = rows(logs)[-1]
        assert (row.text, row.revision, row.severity, row.log) == ("now", CANARY, Severity.ERROR, "stderr")
        payload = await logs.payload(row.id)
        assert payload["textPayload"] == "now"
        assert payload["trace"] == f"projects/{PROJECT}/traces/{'ab' * 16}"


async def test_what_comes_is_told_to_who_subscribed(cloud: Cloud) -> None:
    async with followed(cloud.port) as logs:
        await until(lambda: streaming(logs))
        told: list[int] = []
        stop = logs.subscribe(lambda: told.append(len(logs.store)))
        write(cloud.logs, "first")
        await until(lambda: 1 in told)
        stop()
        write(cloud.logs, "second")
        await until(lambda: len(logs.store) == 2)
        assert 2 not in told


async def test_other_services_and_the_cockpits_own_scrapes_stay_away(cloud: Cloud) -> None:
    async with followed(cloud.port) as logs:
        await until(lambda: streaming(logs))
        scrape = {"request_method": "GET", "request_url": "http://x/api/metrics", "user_agent": "cockpit/0.1"}
        write(cloud.logs, "", log="requests", http_request=scrape)
        write(cloud.logs, "", log="requests", http_request={**scrape, "user_agent": "curl/8"})
        await until(lambda: len(logs.store) == 1)
        assert rows(logs)[0].agent == "curl/8"


async def test_the_users_filter_stands_beside_the_services(cloud: Cloud) -> None:
    write(cloud.logs, "an error", -5, severity=500)
    write(cloud.logs, "canary's", -4, revision=CANARY)
    write(cloud.logs, "neither", -3)
    beside = f'severity>=ERROR OR resource.labels.revision_name="{CANARY}"'
    async with followed(cloud.port, filter=beside) as logs:
        await until(lambda: streaming(logs) and len(logs.store) == 2)
        assert texts(logs) == ["an error", "canary's"]


async def test_lines_of_a_traceback_are_one_entry(cloud: Cloud) -> None:
    async with followed(cloud.port) as logs:
        await until(lambda: streaming(logs))
        lines = ["Traceback (most recent call last):", '  File "a.py", line 1, in f', "ValueError: no"]
        for line in lines:
            write(cloud.logs, line)
        await until(lambda: len(logs.store) == 1)
        [row] = rows(logs)
        assert row.text == "\n".join(lines)
        assert row.flags & Flag.TRACEBACK
        assert row.severity is Severity.ERROR


async def test_older_entries_come_page_by_page_until_there_are_none(cloud: Cloud) -> None:
    for number in range(1500):
        write(cloud.logs, str(number), number * 0.1 - 5000)
    async with followed(cloud.port) as logs:
        await until(lambda: streaming(logs))
        assert len(logs.store) == 0
        assert not logs.state.whole
        assert [await logs.older() for _ in range(3)] == [1000, 500, 0]
        assert logs.state.whole
        assert not logs.state.listing
        assert texts(logs) == [str(number) for number in range(1500)]


async def test_older_entries_by_a_filter_leave_a_note_and_the_rest_comes_when_asked_for(cloud: Cloud) -> None:
    for number in range(30):
        write(cloud.logs, str(number), number - 5000, severity=500 if number % 3 == 0 else 200)
    async with followed(cloud.port) as logs:
        await until(lambda: streaming(logs))
        assert await logs.older(ERRORS) == 10
        assert await logs.older(ERRORS) == 0
        assert logs.state.whole
        *found, note = rows(logs)
        assert [int(row.text) for row in found] == list(range(0, 30, 3))
        assert note.flags & Flag.GAP
        assert "severity>=ERROR" in note.text
        assert await logs.payload(note.id) == {"textPayload": note.text}
        assert await logs.older() == 20
        assert texts(logs)[:30] == [str(number) for number in range(30)]


async def test_nothing_older_is_asked_for_where_it_had_no_room(cloud: Cloud) -> None:
    for number in range(3000):
        write(cloud.logs, str(number), number * 0.1 - 500)
    write(cloud.logs, "old", -5000)
    async with followed(cloud.port, entries=1000) as logs:
        await until(lambda: streaming(logs) and logs.store.dropped >= 1000)
        assert texts(logs)[-1] == "2999"
        assert await logs.older() == 0


async def test_what_cloud_logging_leaves_out_stands_in_its_place_with_the_reason() -> None:
    limits = LogSettings(limits=Limits(tail_entries_per_minute=10))
    pace = replace(PACE, settle=30)
    async with serving(logs=limits) as cloud, followed(cloud.port, pace) as logs:
        await until(lambda: streaming(logs))
        for number in range(25):
            write(cloud.logs, str(number))
        await until(lambda: logs.state.suppressed > 0 and len(logs.store) > 10)
        gaps = [row for row in rows(logs) if row.flags & Flag.GAP]
        said = f"at least {logs.state.suppressed} entries left out by Cloud Logging: rate limit"
        assert [row.text[: len(said)] for row in gaps] == [said]
        assert texts(logs)[-1] == gaps[0].text


async def test_without_a_session_left_it_polls_and_says_why() -> None:
    limits = LogSettings(limits=Limits(tail_sessions=1))
    async with serving(logs=limits) as cloud, followed(cloud.port) as first:
        await until(lambda: streaming(first))
        async with followed(cloud.port) as second:
            await until(lambda: second.state.mode is Mode.POLLING)
            feed = second.state.feed
            assert feed.state is FeedState.LIVE
            assert feed.problem is not None
            assert "tail sessions" in feed.problem.text
            write(cloud.logs, "seen by both")
            await until(lambda: texts(first) == texts(second) == ["seen by both"])


async def test_nobody_there_is_waited_for_and_said(unused_tcp_port: int) -> None:
    async with followed(unused_tcp_port) as logs:
        await until(lambda: logs.state.mode is Mode.WAITING)
        assert logs.state.feed.problem is not None
        assert logs.state.feed.problem.kind == "unreachable"
        assert await logs.older() == 0


class Refusing:
    """A Cloud Logging that streams nothing and lets nobody list."""

    # ruff: noqa: ARG002 (who refuses does not look at what he was asked)

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def tail(self, query: str, window: float) -> AsyncGenerator[Any, None]:
        raise self.error
        yield

    async def pages(
        self, query: str, *, since: float | None = None, until: int | None = None, most: int = 0
    ) -> AsyncGenerator[Sequence[Any], None]:
        raise self.error
        yield


async def test_what_is_not_allowed_is_said_with_the_mend() -> None:
    denied = DeniedError("may not read the log", "ask for roles/logging.viewer")
    async with following(live_logs(Refusing(denied))) as logs:
        await until(lambda: logs.state.mode is Mode.WAITING)
        feed = logs.state.feed
        assert feed.state is FeedState.FAILED
        assert feed.problem is not None
        assert (feed.problem.text, feed.problem.mend) == ("may not read the log", "ask for roles/logging.viewer")


class Flaky(CloudLogging):
    """Lists nothing older while it is told so."""

    refuses = False

    async def pages(self, query: str, **rest: Any) -> AsyncGenerator[Sequence[Any], None]:
        if self.refuses and rest.get("until") is not None:
            raise UnreachableError("reset")
        async with aclosing(super().pages(query, **rest)) as pages:
            async for page in pages:
                yield page


async def test_older_entries_that_cannot_be_read_are_a_problem_until_they_can(cloud: Cloud) -> None:
    write(cloud.logs, "old", -5000)
    connection = connection_to(cloud.port)
    flaky = Flaky(connection)
    async with following(live_logs(flaky)) as logs:
        await until(lambda: streaming(logs))
        flaky.refuses = True
        assert await logs.older() == 0
        assert logs.state.unlisted is not None
        assert logs.state.unlisted.text == "reset"
        assert not logs.state.whole
        flaky.refuses = False
        assert await logs.older() == 1
        assert logs.state.unlisted is None
    await connection.close()


async def test_the_command_follows_the_same(cloud: Cloud) -> None:
    logs = live_logs(CloudLogging(connection_to(cloud.port)), filter="severity>=INFO OR x")
    line = logs.command(ERRORS)
    assert line.startswith("gcloud beta logging tail 'resource.type=")
    assert f'service_name="{REF.service}"' in line
    assert "AND (severity>=INFO OR x) AND (severity>=ERROR)" in line
    assert line.endswith(f"--project {PROJECT}")
