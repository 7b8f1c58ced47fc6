"""The log of the service, for one command: what it was, page by page, and what comes."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit
from cockpit.cli.reading import RETRY_PAUSE, RETRY_SECONDS, patiently, service_ref
from cockpit.live.logs.gaps import gap
from cockpit.live.metered import rationed
from cockpit.logs.joining import HOLD, Joiner
from cockpit.logs.moment import SECOND
from cockpit.release.traffic import tags
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.entries import record_of
from cockpit.sources.errors import ThrottledError, UnreachableError
from cockpit.sources.seen import Seen
from cockpit.sources.servicelog import beside_it, service_query
from cockpit.sources.tail import EntryTail, TailMode, moment_of
from cockpit.wiring.logs import pace_of
from cockpit.wiring.outside import wired

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence

    from cockpit.config import Settings
    from cockpit.logs.entry import Record
    from cockpit.release.service import Service, ServiceRef
    from cockpit.sources.cloudlogging import LogEntry
    from cockpit.sources.tail import Logging, Missing, TailState
    from cockpit.wiring.outside import Wired

    Pages = AsyncGenerator[list[Record], None]

_ALL = 1 << 30
_KNOWN = 100_000
_ROUNDED = 1e-5
"""Seconds by which a moment in nanoseconds may be off when it is a float."""
_TAGS_SHOWN = 8
_LOOKBACK = 60.0
"""Seconds before the end of what was listed that are listed again: the other side may be late."""


@asynccontextmanager
async def service_log(settings: Settings) -> AsyncIterator[ServiceLog]:
    """The log of the service that the settings name. Raises CommandError and SourceError."""
    async with wired(settings) as outside:
        yield ServiceLog(await service_ref(outside), outside)


class ServiceLog:
    """The log of one service; `beside` is a filter of Cloud Logging's language that is put beside the service's.

    Lines of a traceback are one record. What was given once is not given again. Everything raises SourceErrors.
    """

    def __init__(self, ref: ServiceRef, outside: Wired, logging: CloudLogging | None = None) -> None:
        self.ref = ref
        self.outside = outside
        self._logging = logging or CloudLogging(outside.connection)
        self._seen = Seen(_KNOWN)
        self._began = time.time()
        self._from = round(self._began * SECOND)
        """What is older than this moment (Unix ns) was not asked for."""

    async def onward(self, since: float, beside: str) -> Pages:
        """What there is since a moment (epoch seconds), the oldest first, a page after the next one came.

        Where a traceback ends is known later than what others logged meanwhile.
        """
        joiner: Joiner[None] = Joiner()
        held: list[Record] = []
        self._from = round(since * SECOND)
        async with aclosing(self._pages(beside, since, oldest_first=True)) as pages:
            async for page in pages:
                begins = moment_of(page[0]) if page else 0
                held = _in_order([*held, *_joined(joiner, self._seen.fresh(page))])
                count = bisect_left(held, begins, key=attrgetter("time"))
                yield held[:count]
                held = held[count:]
        yield _in_order([*held, *(record for record, _ in joiner.close())])

    async def back(self, since: float, beside: str) -> Pages:
        """The same from the newest page on; the entries of a page are in the order of time."""
        async with aclosing(self._pages(beside, since)) as pages:
            async for page in pages:
                self._from = moment_of(page[-1]) if page else self._from
                yield _joined_whole(self._seen.fresh(reversed(page)))

    async def follow(
        self, beside: str, take: Callable[[list[Record]], None], note: Callable[[str, str], None]
    ) -> None:
        """Give what comes from now on, until cancelled; `note` is told in words what is amiss, and the mend."""
        following = _Following(self._from, take, note)
        listed = replace(pace_of(self.outside.settings.logs), start=time.time() - self._began + _LOOKBACK)
        logging: Logging = self._logging
        tail = EntryTail(
            logging,
            self._query(beside),
            following.entries,
            following.stands,
            listed=following.listed,
            missing=following.missing,
            pace=replace(listed, start_most=listed.most),
        )
        tail.seen = self._seen
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(tail.run())
            tasks.create_task(following.keep_flushing())

    async def tagged(self, tag: str) -> str:
        """The revision that has a tag. Raises CommandError where none has."""
        service = await self._service()
        found = tags(service.spec)
        if name := found.get(tag):
            return name
        named = ", ".join(sorted(found)[:_TAGS_SHOWN])
        mend = f"there are {named}" if named else "it has none"
        raise CommandError(f"{self.ref.service} has no tag {tag!r}", mend, kind="no-tag", code=Exit.USAGE)

    async def check_exists(self) -> None:
        """Raise NotFoundError where there is no such service (any more), which explains an empty log."""
        await self._service()

    async def _service(self) -> Service:
        return await patiently(lambda: self.outside.outside.releases.service(self.ref))

    async def _pages(
        self, beside: str, since: float, *, oldest_first: bool = False
    ) -> AsyncGenerator[Sequence[LogEntry], None]:
        """What there is since a moment; where the other side fails for a while, from there on once more."""
        loop, until, failing = asyncio.get_running_loop(), None, None
        while True:
            listed = self._logging.pages(
                self._query(beside), since=since, until=until, most=_ALL, oldest_first=oldest_first
            )
            try:
                async with aclosing(rationed(listed, self.outside.outside.budget.lists, urgent=True)) as pages:
                    async for page in pages:
                        yield page
                        failing = None
                        if page and oldest_first:
                            since = moment_of(page[-1]) / SECOND - _ROUNDED
                        elif page:
                            until = moment_of(page[-1])
                return
            except (UnreachableError, ThrottledError):
                failing = loop.time() if failing is None else failing
                if loop.time() > failing + RETRY_SECONDS:
                    raise
            await asyncio.sleep(RETRY_PAUSE)

    def _query(self, beside: str) -> str:
        return beside_it(service_query(self.ref, self.outside.settings.logs.filter), beside)


class _Following:
    """What a tail brings, joined and handed on; and what it says of itself, in words."""

    def __init__(self, since: int, take: Callable[[list[Record]], None], note: Callable[[str, str], None]) -> None:
        self._since = since
        self._take = take
        self._note = note
        self._joiner: Joiner[None] = Joiner()
        self._is_well = True

    def entries(self, entries: Sequence[LogEntry]) -> None:
        """What was streamed."""
        self._give(_joined(self._joiner, entries, time.monotonic()))

    def listed(self, entries: Sequence[LogEntry]) -> None:
        """A page of what was missed, or of what nobody asked for."""
        self._give(_joined_whole(entry for entry in entries if moment_of(entry) >= self._since))

    def missing(self, missing: Missing) -> None:
        """What is left out."""
        self._note(gap(missing).text, "")

    def stands(self, state: TailState) -> None:
        """Say what is amiss, and when it is well again."""
        if state.mode is TailMode.STREAMING and not self._is_well:
            self._note("the log is streamed again", "")
        if state.mode is TailMode.WAITING and state.error is not None:
            self._note(f"{state.error}; trying again", state.error.mend)
        if state.mode is TailMode.POLLING and state.error is not None and self._is_well:
            self._note(f"{state.error}; the log is listed every few seconds instead", state.error.mend)
        self._is_well = state.mode in (TailMode.STREAMING, TailMode.OPENING)

    async def keep_flushing(self) -> None:
        """Give tracebacks whose end was waited for long enough."""
        while True:
            await asyncio.sleep(HOLD / 2)
            self._give([record for record, _ in self._joiner.flush(time.monotonic())])

    def _give(self, records: list[Record]) -> None:
        if records:
            self._take(records)


def _joined(joiner: Joiner[None], entries: Iterable[LogEntry], now: float | None = None) -> list[Record]:
    """What is complete with these entries, in the order of time; without a clock, their own times are one."""
    found: list[Record] = []
    for record in map(record_of, entries):
        ready = joiner.feed(record, None, record.time / SECOND if now is None else now)
        found += [whole for whole, _ in ready]
    return _in_order(found)


def _joined_whole(entries: Iterable[LogEntry]) -> list[Record]:
    """Entries that nothing else is joined with."""
    joiner: Joiner[None] = Joiner()
    found = _joined(joiner, entries)
    return _in_order([*found, *(record for record, _ in joiner.close())])


def _in_order(records: list[Record]) -> list[Record]:
    """In the order of time: the end of a traceback is known after what others logged meanwhile."""
    return sorted(records, key=attrgetter("time"))
