"""`cockpit logs`: the entries of a service's log, or of a file, that a query finds.

Without --since and --last it shows the last 15 minutes, oldest first; with --last N the newest N entries of the
last day; with --follow what comes, after the last ten. A query has words, "phrases", /regular expressions/ and
fields like severity>=ERROR, revision:00279, status>=500, path:/api/*, latency>1s or after:12:03, joined with and,
or, - and parentheses; the shell wants quotes around most of that. What Cloud Logging can evaluate of it is
evaluated there. Of a file ("-" is standard input) all is shown, and "15m" is that long before its newest entry. To
find the word digest, put it behind --. It ends with 0 where entries were found, and with 1 where none was, as grep
does.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.cli.exits import Exit, usage_error
from cockpit.cli.flags import add_command, headless
from cockpit.logs.moment import SECOND

if TYPE_CHECKING:
    from argparse import Namespace

    from cockpit.cli.flags import Commands
    from cockpit.cli.log_query import Sieve
    from cockpit.cli.log_writer import LogWriter
    from cockpit.cli.service_log import ServiceLog
    from cockpit.config import Settings
    from cockpit.live.logs.file import FileLogs
    from cockpit.logs.entry import Record
    from cockpit.logs.query.nodes import Query
    from cockpit.sources.errors import SourceError

LAST_SPAN = 24 * 3600 * SECOND
"""How far back the last ones are looked for."""
LAST_BEFORE_FOLLOWING = 10
PATIENCE = 9
"""Pages after which the budget of list reads makes one wait."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asks for. `words` are the query's; moments in it and in `since` are still texts."""

    words: tuple[str, ...]
    revisions: tuple[str, ...]
    since: str | None
    last: int | None
    follow: bool


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "logs", "log entries that a query finds", __doc__)
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what is to be found; everything without it")
    parser.add_argument("--follow", action="store_true", help="go on with what comes, until interrupted")
    parser.add_argument(
        "--revision",
        action="append",
        default=[],
        metavar="REV",
        help="a part of its name, or tag:NAME; may be repeated",
    )
    parser.add_argument("--since", metavar="TIME", help="15m, 2h, 12:03, 2025-10-10T02:12:00Z")
    parser.add_argument("--last", type=int, metavar="N", help="the newest N entries of those found")
    parser.add_argument("--file", metavar="FILE", help="a downloaded log in place of the service")
    parser.add_argument("--text", action="store_true", help="lines for people, as without --json")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Find and write. Raises CommandError and SourceError."""
    from cockpit.cli.log_query import query_of
    from cockpit.cli.log_writer import LogWriter

    _check(args)
    asked = _Asked(tuple(args.query), tuple(args.revision), args.since, args.last, args.follow)
    query_of(asked.words)
    settings, output = headless(args)
    writer = LogWriter(output)
    if args.file is None:
        asyncio.run(_from_service(settings, asked, writer))
    else:
        asyncio.run(_from_file(settings, args.file, asked, writer))
    return Exit.OK if writer.written else Exit.FAILED


async def _from_service(settings: Settings, asked: _Asked, writer: LogWriter) -> None:
    from cockpit.cli.log_query import SPAN, Sieve, begin_of
    from cockpit.cli.service_log import service_log
    from cockpit.logs.query.pushdown import pushdown

    async with service_log(settings) as log:
        writer.shorten_names_of(log.ref.service)
        query = await _asked_of(log, asked)
        last = _last(asked)
        since = begin_of(query, asked.since, time.time_ns(), SPAN if last is None else LAST_SPAN) / SECOND
        reading = _Reading(log, Sieve(query), pushdown(query).text, writer)
        if last is None:
            await reading.write_onward(since)
        elif last:
            await reading.write_last(since, last)
        if asked.follow and not writer.done:
            await reading.write_coming()
        if not writer.written and not writer.done:
            await log.check_exists()
            writer.note("nothing found", "ask for more, or look further back with --since")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A service's log as it is read: `beside` is what the other side filters by, the sieve has the last word."""

    log: ServiceLog
    sieve: Sieve
    beside: str
    writer: LogWriter

    async def write_onward(self, since: float) -> None:
        """Write all since a moment (epoch seconds), the oldest first."""
        pages = 0
        async with aclosing(self.log.onward(since, self.beside)) as found:
            async for records in found:
                self.writer.write(self.sieve.sift(records))
                pages += 1
                if pages == PATIENCE:
                    self.writer.note("this takes a while: Cloud Logging gives 60 pages of 1,000 entries a minute")
                if self.writer.done:
                    return

    async def write_last(self, since: float, count: int) -> None:
        """Write the newest since a moment, so many of them."""
        kept: list[Record] = []
        async with aclosing(self.log.back(since, self.beside)) as found:
            async for records in found:
                kept = [*self.sieve.sift(records), *kept]
                if len(kept) >= count:
                    break
        self.writer.write(kept[-count:])

    async def write_coming(self) -> None:
        """Write what comes, until nobody reads on."""
        left = asyncio.Event()

        def take(records: list[Record]) -> None:
            self.writer.write(self.sieve.sift(records))
            if self.writer.done:
                left.set()

        following = asyncio.create_task(self.log.follow(self.beside, take, self.writer.note))
        leaving = asyncio.create_task(left.wait())
        try:
            await asyncio.wait({following, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            following.cancel()
            outcome, _ = await asyncio.gather(following, leaving, return_exceptions=True)
        if isinstance(outcome, Exception):
            raise outcome


async def _asked_of(log: ServiceLog, asked: _Asked) -> Query:
    """The query with the revisions that were named. Raises CommandError and SourceError."""
    from cockpit.cli.log_query import of_revisions, query_of
    from cockpit.cli.wishes import TAG_PREFIX

    named = [
        await log.tagged(word.removeprefix(TAG_PREFIX)) if word.startswith(TAG_PREFIX) else word
        for word in asked.revisions
    ]
    return query_of(asked.words).also(of_revisions(named))


def _last(asked: _Asked) -> int | None:
    """How many of the newest entries are wanted, None for all."""
    if asked.follow and asked.last is None and asked.since is None:
        return LAST_BEFORE_FOLLOWING
    return asked.last


async def _from_file(settings: Settings, path: str, asked: _Asked, writer: LogWriter) -> None:
    from cockpit.cli.file_log import coming
    from cockpit.cli.log_query import of_revisions, query_of
    from cockpit.cli.saved import STDIN
    from cockpit.live.logs.file import FileLogs

    is_piped = path == STDIN and asked.follow
    async with FileLogs(path, settings.logs, follow=asked.follow) as logs:
        trouble = None if is_piped else await _write_found(logs, asked, writer)
        if asked.follow and not writer.done:
            first = 0 if is_piped else logs.store.end
            query = query_of(asked.words).also(of_revisions(asked.revisions))
            async with aclosing(coming(logs, query, first)) as found:
                async for records in found:
                    writer.write(records)
                    if writer.done:
                        break
        _note_file(logs, writer)
        if trouble is not None:
            raise trouble


async def _write_found(logs: FileLogs, asked: _Asked, writer: LogWriter) -> SourceError | None:
    """Write what is found in all of a file; what kept it from being read whole."""
    from cockpit.cli.file_log import found_in, newest_in, records_of
    from cockpit.cli.log_query import of_revisions, query_of, since_of
    from cockpit.logs.query.nodes import Moment, Query
    from cockpit.sources.errors import SourceError

    trouble = None
    try:
        await logs.read_all()
    except SourceError as error:
        trouble = error
    newest = newest_in(logs.store)
    if newest is None:
        return trouble
    query = query_of(asked.words, newest).also(of_revisions(asked.revisions))
    if asked.since is not None:
        query = query.also(Query(Moment("after", since_of(asked.since, newest))))
    ids, last = found_in(logs.store, query), _last(asked)
    for records in records_of(logs.store, ids if last is None else ids[len(ids) - min(last, len(ids)) :]):
        writer.write(records)
        if writer.done:
            break
    return trouble


def _note_file(logs: FileLogs, writer: LogWriter) -> None:
    """Say what of a file is not among what was found."""
    state, dropped = logs.state, logs.store.dropped
    if dropped:
        mend = "raise entries or memory_mib under [logs] in config.toml"
        writer.note(f"{dropped:,} older entries had no room and were not looked through", mend)
    if state.broken:
        broken = next(iter(logs.broken()), None)
        first = f", one at {broken.place}: {broken.why}" if broken else ""
        writer.note(f"{state.broken:,} could not be read{first}")
    if not writer.written and not writer.done:
        writer.note("nothing found")


def _check(args: Namespace) -> None:
    if args.text and args.json:
        raise usage_error("--text and --json", "choose one of them")
    if args.last is not None and args.last < 0:
        raise usage_error(f"--last {args.last}", "it is a number of entries, like 100")
    if args.file is not None and any(word.startswith("tag:") for word in args.revision):
        raise usage_error("a file knows no tags", "name the revision, or a part of its name")
