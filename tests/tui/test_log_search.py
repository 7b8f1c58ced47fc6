"""A search on the loop: a slice at a time, given up for another query, and woken by what comes."""

from __future__ import annotations

import asyncio
from datetime import UTC
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from cockpit.logs.entry import Record
from cockpit.logs.query.compile import compiled
from cockpit.logs.query.parse import parse
from cockpit.tui.log_search import FRAME, LogSearch
from tests.tui.staged_logs import StagedLogs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cockpit.logs.query.matcher import Matcher

ROWS = 20_000


def matcher_of(query: str) -> Matcher | None:
    return compiled(parse(query, now=1, zone=UTC))


class Told:
    """Counts and times what a search tells, and waits for it."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self._event = asyncio.Event()

    def __call__(self) -> None:
        self.times.append(asyncio.get_running_loop().time())
        self._event.set()

    async def until_done(self, search: LogSearch, hits: int) -> None:
        while not (search.done and len(search.hits) == hits and self.times):
            await self._event.wait()
            self._event.clear()


@pytest.fixture
def logs() -> StagedLogs:
    made = StagedLogs()
    made.put(Record(time, "odd" if time % 2 else "even") for time in range(1, ROWS + 1))
    return made


@pytest.fixture
async def told() -> Told:
    return Told()


@pytest.fixture
async def search(logs: StagedLogs, told: Told) -> AsyncIterator[LogSearch]:
    made = LogSearch(logs, told)
    yield made
    made.close()


async def test_everything_is_found_until_something_is_looked_for(search: LogSearch, told: Told) -> None:
    assert search.done
    assert len(search.hits) == ROWS
    search.look_for(matcher_of("odd"))
    assert len(search.hits), "the newest are there at once"
    await told.until_done(search, ROWS // 2)
    assert (search.searched, search.total) == (ROWS, ROWS)
    assert search.next_hit(None, -1) == ROWS - 2
    assert search.next_error(None, -1) is None


async def test_another_query_gives_up_the_last(search: LogSearch, told: Told) -> None:
    epochs = {search.epoch}
    for query in ("o", "od", "/od*/", "eve"):
        search.look_for(matcher_of(query))
        epochs.add(search.epoch)
    await told.until_done(search, ROWS // 2)
    assert search.hits[0] == 1
    assert len(epochs) == 5


async def test_what_comes_is_found_and_told(search: LogSearch, told: Told, logs: StagedLogs) -> None:
    search.look_for(matcher_of("odd"))
    await told.until_done(search, ROWS // 2)
    for more in range(1, 4):
        logs.put([Record(ROWS + more, "odd too"), Record(ROWS + more, "even")])
        await told.until_done(search, ROWS // 2 + more)
    assert all(later - earlier > FRAME * 0.9 for earlier, later in pairwise(told.times))


async def test_a_closed_one_tells_nobody(told: Told, logs: StagedLogs) -> None:
    search = LogSearch(logs, told)
    search.look_for(matcher_of("odd"))
    search.close()
    of_another = Told()
    other = LogSearch(logs, of_another)
    other.look_for(matcher_of("odd"))
    logs.put([Record(ROWS + 1, "odd")])
    await of_another.until_done(other, ROWS // 2 + 1)
    other.close()
    assert not told.times
    assert not logs.watched
