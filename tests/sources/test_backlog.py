"""A log read backwards from where a tail began, against the local Cloud Logging on the wire."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from cockpit.simulator.logs import LogSettings, Quirks
from cockpit.simulator.logs.messages import LogEntry
from cockpit.sources.backlog import Backlog
from cockpit.sources.cloudlogging import PAGE, CloudLogging
from cockpit.sources.seen import Seen
from tests.sources.local import PROJECT, serving

if TYPE_CHECKING:
    from cockpit.simulator.logs import LogStore
    from tests.sources.local import Cloud

LOG = f"projects/{PROJECT}/logs/run.googleapis.com%2Fstderr"
QUERY = f'logName="{LOG}"'
NOW = time.time_ns()
BEGAN = NOW - 10**9
"""From here on the tail has everything."""


def write(store: LogStore, number: int, moment: int, severity: int = 200) -> None:
    entry = LogEntry(log_name=LOG, insert_id=str(number), text_payload=str(number), severity=severity)
    entry.timestamp.FromNanoseconds(moment)
    store.write(entry)


def backlog_of(cloud: Cloud) -> Backlog:
    return Backlog(CloudLogging(cloud.connect()), QUERY, Seen(1000))


async def pages(backlog: Backlog, beside: str = "") -> list[list[int]]:
    """Every page until there are no more."""
    found = []
    while page := await backlog.page(BEGAN, beside):
        found.append([int(entry.insert_id) for entry in page])
    assert backlog.is_whole(beside)
    return found


async def everything(backlog: Backlog, beside: str = "") -> list[int]:
    """All that the pages have, in the order of numbers."""
    return sorted(number for page in await pages(backlog, beside) for number in page)


async def test_page_by_page_to_the_beginning_each_in_the_order_of_time(cloud: Cloud) -> None:
    for number in range(2 * PAGE + 50):
        write(cloud.logs, number, BEGAN - (5000 - number) * 10**6)
    found = await pages(backlog_of(cloud))
    assert len(found) == 3
    assert [number for page in reversed(found) for number in page] == list(range(2 * PAGE + 50))


async def test_entries_of_one_moment_across_pages_are_neither_lost_nor_given_twice(cloud: Cloud) -> None:
    for number in range(2 * PAGE + 50):
        write(cloud.logs, number, BEGAN - 10**6)
    assert await everything(backlog_of(cloud)) == list(range(2 * PAGE + 50))


async def test_what_a_filter_brought_is_not_brought_again_without_it(cloud: Cloud) -> None:
    for number in range(300):
        write(cloud.logs, number, BEGAN - (300 - number) * 10**6, severity=500 if number % 3 == 0 else 200)
    backlog = backlog_of(cloud)
    assert await everything(backlog, "severity>=ERROR") == list(range(0, 300, 3))
    assert not backlog.is_whole()
    assert backlog.reached(BEGAN) == BEGAN
    assert await everything(backlog) == [number for number in range(300) if number % 3]


async def test_what_all_was_read_of_needs_no_filter(cloud: Cloud) -> None:
    write(cloud.logs, 1, BEGAN - 10**9)
    backlog = backlog_of(cloud)
    assert await pages(backlog) == [[1]]
    before = cloud.log_calls["ListLogEntries"]
    assert await backlog.page(BEGAN, "severity>=ERROR") == []
    assert cloud.log_calls["ListLogEntries"] == before


async def test_empty_pages_are_not_the_end() -> None:
    async with serving(logs=LogSettings(quirks=Quirks(empty_pages=0.7))) as cloud:
        for number in range(50):
            write(cloud.logs, number, BEGAN - (50 - number) * 10**6)
        assert await everything(backlog_of(cloud)) == list(range(50))


async def test_an_or_beside_the_query_stays_beside_it(cloud: Cloud) -> None:
    write(cloud.logs, 1, BEGAN - 10**9, severity=500)
    other = LogEntry(log_name=f"{LOG}2", insert_id="2", severity=500)
    other.timestamp.FromNanoseconds(BEGAN - 10**9)
    cloud.logs.write(other)
    assert await pages(backlog_of(cloud), 'severity=ERROR OR logName:"stderr2"') == [[1]]
