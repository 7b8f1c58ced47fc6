"""Log entries for a command that needs them all at hand: a service's of the last time, or a file's."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit
from cockpit.logs.names import Names
from cockpit.logs.segment import SegmentBuilder
from cockpit.logs.store import ROWS_A_SEGMENT, LogStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cockpit.cli.output import Output
    from cockpit.config import Settings
    from cockpit.logs.entry import Record
    from cockpit.logs.query.error import QueryError
    from cockpit.logs.query.nodes import Query
    from cockpit.release.service import Revision, Service, ServiceRef
    from cockpit.sources.tail import Logging

SECOND = 1_000_000_000
MOST_ENTRIES = 50_000
"""Entries of a service where nobody says how many: fifty pages, and the other side gives sixty a minute."""

_MEBIBYTE = 1 << 20
_NAMES_SHOWN = 6
_REVISION = "resource.labels.revision_name"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: entries of the last `seconds`, the newest `most` of them, that a query finds.

    `revisions` are words for revisions, as on the command line; None for seconds is all that there is, of a
    service the minutes that its settings name.
    """

    revisions: tuple[str, ...]
    query: Query
    seconds: float | None
    most: int = MOST_ENTRIES


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Entries at hand.

    `query` is what was asked for, "" for everything; `revisions` are the full names of those asked for, `pair`
    stable and canary, "" where there is no such. `since`
    is the moment (Unix ns) from which on entries were asked for, None for all. `whole` is whether all of them are
    here; `broken` counts what could not be read.
    """

    source: str
    ref: ServiceRef | None
    store: LogStore
    query: str
    revisions: tuple[str, ...]
    pair: tuple[str, str]
    since: int | None
    whole: bool
    broken: int = 0

    def short(self, revision: str) -> str:
        """A revision's name as people call it."""
        from cockpit.release.state import short_name

        return short_name(revision, self.ref.service) if self.ref and revision else revision or "none"


async def from_service(settings: Settings, wanted: Wanted, output: Output) -> Gathered:
    """Read a service's log. Raises CommandError and SourceError."""
    from cockpit.cli.reading import patiently, service_ref
    from cockpit.live.metered import MeteredLogging
    from cockpit.live.metrics.targets import compared
    from cockpit.sources.cloudlogging import CloudLogging
    from cockpit.sources.servicelog import service_query
    from cockpit.text import duration
    from cockpit.wiring.outside import wired

    async with wired(settings) as outside:
        ref = await service_ref(outside)
        releases = outside.outside.releases
        service, revisions = await asyncio.gather(
            patiently(lambda: releases.service(ref)), patiently(lambda: releases.revisions(ref))
        )
        names = tuple(revision_called(word, service, revisions) for word in wanted.revisions)
        seconds = settings.logs.backfill_minutes * 60 if wanted.seconds is None else wanted.seconds
        now = time.time()
        output.note(f"reading the log of {ref.service} of the last {duration(seconds)} …")
        query = service_query(ref, _beside(settings, names, wanted.query))
        logging = MeteredLogging(CloudLogging(outside.connection), outside.outside.budget, urgent=True)
        records, whole = await _records(logging, query, now - seconds, wanted.most)
    store = LogStore(Names(), most=wanted.most, most_bytes=settings.logs.memory_mib * _MEBIBYTE)
    _keep(store, records)
    since = round((now - seconds) * SECOND)
    pair = compared(service, revisions)
    is_whole = whole and not store.dropped
    return Gathered(ref.service, ref, store, str(wanted.query), names, pair, since, is_whole)


async def from_file(settings: Settings, path: str, wanted: Wanted) -> Gathered:
    """Read a file, "-" for standard input; its last time is reckoned from its newest entry.

    Raises CommandError and SourceError.
    """
    from cockpit.live.logs.file import FileLogs

    async with FileLogs(path, settings.logs) as logs:
        await logs.read_all()
        store, broken, source = logs.store, logs.state.broken, logs.state.source
    known = sorted(name for name in store.names.revision.names if name)
    names = tuple(_called(word, known, source) for word in wanted.revisions)
    newest = max((int(segment.times.max()) for _, segment in store.segments() if len(segment)), default=0)
    since = None if wanted.seconds is None else newest - round(wanted.seconds * SECOND)
    pair = (known[0], known[1]) if len(known) == 2 else ("", "")
    return Gathered(source, None, store, str(wanted.query), names, pair, since, not store.dropped, broken)


def query_of(words: Sequence[str]) -> Query:
    """What the words of a command line ask for. Raises CommandError, with a caret under the place."""
    from datetime import UTC, datetime

    from cockpit.logs.query.error import QueryError
    from cockpit.logs.query.parse import parse

    text = " ".join(words)
    zone = datetime.now(UTC).astimezone().tzinfo
    try:
        return parse(text, now=time.time_ns(), zone=zone or UTC)
    except QueryError as error:
        raise _refused(error, text) from None


def _refused(error: QueryError, text: str) -> CommandError:
    from cockpit.text import clean, width

    known = CommandError(str(error), error.mend, kind="query", code=Exit.USAGE)
    known.position = error.position
    known.shown = (text, " " * width(clean(text[: error.position])) + "^")
    return known


def revision_called(word: str, service: Service, revisions: Sequence[Revision]) -> str:
    """The revision that a word names: a full name or a part of one alone, or tag:NAME. Raises CommandError."""
    from cockpit.cli.wishes import TAG_PREFIX
    from cockpit.release.traffic import tags

    tagged = tags(service.spec)
    tag = word.removeprefix(TAG_PREFIX)
    if word.startswith(TAG_PREFIX) and tagged.get(tag):
        return tagged[tag]
    return _called(word, [revision.name for revision in revisions], service.ref.service)


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


def _beside(settings: Settings, revisions: Sequence[str], query: Query) -> str:
    """What Cloud Logging is asked for besides the service: what it cannot evaluate is done here."""
    from cockpit.logs.query.pushdown import pushdown

    named = " OR ".join(f'"{name}"' for name in revisions)
    parts = [settings.logs.filter, f"{_REVISION}=({named})" if named else "", pushdown(query).text]
    return " AND ".join(f"({part})" for part in parts if part.strip())


async def _records(logging: Logging, query: str, since: float, most: int) -> tuple[list[Record], bool]:
    """What matches, in the order of time, and whether that is all."""
    from cockpit.sources.entries import record_of

    found: list[Record] = []
    async with aclosing(logging.pages(query, since=since, most=most)) as pages:
        async for page in pages:
            found.extend(map(record_of, page))
    found.reverse()
    return found, len(found) < most


def _keep(store: LogStore, records: Iterable[Record]) -> None:
    """Put entries into a store, the lines of a traceback as one."""
    from cockpit.logs.joining import Joiner

    joiner: Joiner[None] = Joiner()
    builder = SegmentBuilder(store.names)
    for record in records:
        for whole, _ in joiner.feed(record, None, record.time / SECOND):
            builder.add(whole)
        if len(builder) >= ROWS_A_SEGMENT:
            store.append(builder.build())
    for whole, _ in joiner.close():
        builder.add(whole)
    store.append(builder.build())
