"""Log entries for a command that needs them all at hand: a service's of the last time, or a file's."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit
from cockpit.cli.log_query import begin_of, query_of, since_of
from cockpit.logs.moment import SECOND
from cockpit.logs.names import Names
from cockpit.logs.segment import SegmentBuilder
from cockpit.logs.store import ROWS_A_SEGMENT, LogStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cockpit.cli.output import Output
    from cockpit.cli.service_log import ServiceLog
    from cockpit.config import Settings
    from cockpit.logs.entry import Record
    from cockpit.logs.query.nodes import Query
    from cockpit.release.service import Revision, ServiceRef
    from cockpit.sources.errors import SourceError

MOST_ENTRIES = 50_000
"""Entries of a service where nobody says how many: fifty pages, and the other side gives sixty a minute."""

_NAMES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, as words of the command line; `most` is how many of the newest entries are read."""

    query: tuple[str, ...]
    revisions: tuple[str, ...]
    since: str | None
    most: int = MOST_ENTRIES


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Entries at hand: those that `query` finds and more.

    `revisions` are the full names of those asked for, `pair` stable and canary, "" where there is no such. `since`
    is the moment (Unix ns) from which on entries were asked for, None for all. `whole` is whether all of them are
    here; `broken` counts what could not be read, and `trouble` kept the rest from being read.
    """

    source: str
    ref: ServiceRef | None
    store: LogStore
    query: Query
    revisions: tuple[str, ...]
    pair: tuple[str, str]
    since: int | None
    whole: bool
    broken: int = 0
    trouble: SourceError | None = None

    def short(self, revision: str) -> str:
        """A revision's name as people call it."""
        from cockpit.release.state import short_name

        return short_name(revision, self.ref.service) if self.ref and revision else revision or "none"


async def from_service(settings: Settings, wanted: Wanted, output: Output) -> Gathered:
    """Read a service's log. Raises CommandError and SourceError."""
    from cockpit.cli.reading import patiently
    from cockpit.cli.service_log import service_log
    from cockpit.live.metrics.targets import compared
    from cockpit.text import duration

    query = query_of(wanted.query)
    async with service_log(settings) as log:
        releases = log.outside.outside.releases
        service, revisions = await asyncio.gather(
            patiently(lambda: releases.service(log.ref)), patiently(lambda: releases.revisions(log.ref))
        )
        names = tuple([await _revision_called(word, log, revisions) for word in wanted.revisions])
        now = time.time_ns()
        since = begin_of(query, wanted.since, now)
        output.note(f"reading the log of {log.ref.service} of the last {duration((now - since) / SECOND)} …")
        records, whole = await _records(log, since, _beside(names, query), wanted.most)
    store = LogStore(Names(), most=wanted.most, most_bytes=settings.logs.memory)
    _keep(store, records)
    pair = compared(service, revisions)
    is_whole = whole and not store.dropped
    return Gathered(log.ref.service, log.ref, store, query, names, pair, since, is_whole)


async def from_file(settings: Settings, path: str, wanted: Wanted) -> Gathered:
    """Read a file, "-" for standard input; moments are reckoned from its newest entry.

    Raises CommandError, and SourceError where nothing of it can be read.
    """
    from cockpit.cli.file_log import newest_in
    from cockpit.live.logs.file import FileLogs
    from cockpit.sources.errors import SourceError

    trouble = None
    async with FileLogs(path, settings.logs) as logs:
        try:
            await logs.read_all()
        except SourceError as error:
            trouble = error
        store, broken, source = logs.store, logs.state.broken, logs.state.source
    known = sorted(name for name in store.names.revision.names if name)
    names = tuple(_called(word, known, source) for word in wanted.revisions)
    newest = newest_in(store)
    query = query_of(wanted.query, newest)
    since = since_of(wanted.since, newest) if wanted.since is not None and newest is not None else None
    pair = (known[0], known[1]) if len(known) == 2 else ("", "")
    return Gathered(source, None, store, query, names, pair, since, not store.dropped, broken, trouble)


async def _revision_called(word: str, log: ServiceLog, revisions: Sequence[Revision]) -> str:
    """The revision that a word names: a full name or a part of one alone, or tag:NAME. Raises CommandError."""
    from cockpit.cli.wishes import TAG_PREFIX

    if word.startswith(TAG_PREFIX):
        return await log.tagged(word.removeprefix(TAG_PREFIX))
    return _called(word, [revision.name for revision in revisions], log.ref.service)


def _called(word: str, names: Sequence[str], source: str) -> str:
    if word in names:
        return word
    found = [name for name in names if word in name]
    if len(found) == 1:
        return found[0]
    shown = ", ".join((found or names)[:_NAMES_SHOWN])
    if found:
        message, mend = f"{word!r} is a part of {len(found)} revisions' names", f"say more: {shown}"
    else:
        message = f"{source} has no revision {word!r}"
        mend = f"there are {shown}" if names else "no entry names its revision"
    raise CommandError(message, mend, kind="no-revision", code=Exit.USAGE)


def _beside(revisions: Sequence[str], query: Query) -> str:
    """What Cloud Logging is asked for besides the service: what it cannot evaluate is done here."""
    from cockpit.cli.log_query import of_revisions
    from cockpit.logs.query.pushdown import pushdown

    return pushdown(query.also(of_revisions(revisions))).text


async def _records(log: ServiceLog, since: int, beside: str, most: int) -> tuple[list[Record], bool]:
    """The newest entries since a moment, in the order of time, and whether that is all."""
    pages: list[list[Record]] = []
    count = 0
    async with aclosing(log.back(since / SECOND, beside)) as found:
        async for page in found:
            pages.append(page)
            count += len(page)
            if count >= most:
                break
    records = [record for page in reversed(pages) for record in page]
    return records[-most:], count < most


def _keep(store: LogStore, records: Iterable[Record]) -> None:
    builder = SegmentBuilder(store.names)
    for record in records:
        builder.add(record)
        if len(builder) >= ROWS_A_SEGMENT:
            store.append(builder.build())
    store.append(builder.build())
