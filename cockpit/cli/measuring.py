"""Metrics for one command: the live service scraped for a while, or the engine that answers in its place."""

from __future__ import annotations

import asyncio
from argparse import SUPPRESS, ArgumentTypeError
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit
from cockpit.live.metrics.picture import Conduct, MetricsPicture
from cockpit.metrics.rules.durations import HOW, seconds_of
from cockpit.release.service import ServiceRef
from cockpit.text import duration

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import AsyncIterator

    from cockpit.cli.output import Output
    from cockpit.config import Settings
    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.engine import Engine

SCRAPES = 3
FIRST_SECONDS = 15.0
"""How long the first good scrape may take: an instance may have to start for it."""
READING_SECONDS = 10.0
"""How long a reading of signals and rules may take, beside the pause before it."""
_MAY_PASS = {"unreachable", "throttled", "failed", "broken"}


def add_measuring(parser: ArgumentParser) -> None:
    """--for and --engine."""
    group = parser.add_argument_group("where the numbers come from")
    group.add_argument(
        "--for",
        dest="seconds",
        type=span,
        metavar="DURATION",
        help=f"how long the service is scraped first, like 30s; {SCRAPES} scrapes long without it",
    )
    group.add_argument(
        "--engine",
        metavar="URL",
        default=SUPPRESS,
        help="ask this Prometheus-compatible engine, with the settings of [metrics.remote]; "
        '"local" scrapes the service whatever config.toml says',
    )


def span(text: str) -> float:
    """A duration on the command line, in seconds: 90s, 5m, 1h30m."""
    try:
        seconds = seconds_of(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{error}; {HOW}") from None
    if not seconds:
        raise ArgumentTypeError(f"{text!r} is no time at all; {HOW}")
    return seconds


@asynccontextmanager
async def measuring(
    settings: Settings, seconds: float | None, output: Output, *, rules: bool = False
) -> AsyncIterator[Session]:
    """A session whose service was scraped for so long and whose signals were read after that, with `rules` the
    rules, too.

    Where nothing could be scraped the session's picture says why. Raises CommandError and SourceError.
    """
    from cockpit.cli.reading import reading, until

    _check_seconds(settings, seconds)
    interval = settings.metrics.interval_seconds
    async with reading(settings, metrics=True) as (session, service):
        if settings.metrics.local:
            wanted = SCRAPES * interval if seconds is None else seconds
            output.note(f"scraping {service.ref.service} for {duration(wanted)} …")
            await until(session, _begun, max(wanted, FIRST_SECONDS))
            if scraped(session.snapshot.metrics):
                await asyncio.sleep(wanted)
        _check_settings(session.snapshot)
        if scraped(session.snapshot.metrics) or not settings.metrics.local:
            await _read(session, interval)
            if rules:
                # They are read after the signals, whose next reading says that they have been.
                await _read(session, interval)
            _check_settings(session.snapshot)
        yield session


async def measured(
    settings: Settings, seconds: float | None, output: Output, *, rules: bool = False
) -> tuple[Snapshot, MetricsPicture]:
    """One snapshot whose signals, with `rules` also its rules, were read. Raises CommandError and SourceError."""
    async with measuring(settings, seconds, output, rules=rules) as session:
        snapshot = session.snapshot
        return snapshot, snapshot.metrics or MetricsPicture()


@asynccontextmanager
async def asking(settings: Settings, seconds: float | None, output: Output) -> AsyncIterator[Engine]:
    """What answers PromQL: the engine that settings name, else the cockpit on a service scraped for so long.

    Raises CommandError where no metrics could be scraped, and SourceError.
    """
    _check_seconds(settings, seconds)
    if not settings.metrics.local:
        from cockpit.wiring.metrics import remote_engine
        from cockpit.wiring.remote import scope_of

        _, remote = remote_engine(settings)
        where = settings.service
        matchers = scope_of(settings).of(ServiceRef(where.project, where.region, where.name))
        try:
            yield remote.within(matchers)
        finally:
            await remote.close()
        return
    async with measuring(settings, seconds, output) as session:
        picture = session.snapshot.metrics
        if session.engine is None or not scraped(picture):
            raise _nothing(picture)
        yield session.engine


def _check_seconds(settings: Settings, seconds: float | None) -> None:
    if seconds is not None and not settings.metrics.local:
        message = f"--for is how long the service is scraped, and {settings.metrics.engine} is asked instead of it"
        raise CommandError(message, "leave --for out, or add --engine local", kind="usage", code=Exit.USAGE)


async def _read(session: Session, interval: float) -> None:
    """Wait for the next reading of signals, or for the reason that there is none."""
    from cockpit.cli.reading import until

    asked = session.now()
    await until(session, lambda snapshot: _read_since(snapshot, asked), interval + READING_SECONDS)


def scraped(picture: MetricsPicture | None) -> bool:
    """Whether any URL has given metrics."""
    return picture is not None and any(target.feed.fresh_at is not None for target in picture.targets)


def _begun(snapshot: Snapshot) -> bool:
    """Whether there are metrics, or there will be none however long one waits."""
    picture = snapshot.metrics
    if picture is None:
        return False
    wanted = [target.feed for target in picture.targets if target.conduct is Conduct.SCRAPING]
    tried = all(feed.fresh_at is not None or feed.problem for feed in wanted)
    hopeless = bool(wanted) and all(feed.problem and feed.problem.kind not in _MAY_PASS for feed in wanted)
    return (scraped(picture) and tried) or hopeless or picture.problem is not None


def _read_since(snapshot: Snapshot, asked: float) -> bool:
    picture = snapshot.metrics
    if picture is None:
        return False
    return picture.problem is not None or (picture.read_at is not None and picture.read_at >= asked)


def _check_settings(snapshot: Snapshot) -> None:
    problem = snapshot.metrics.problem if snapshot.metrics else None
    if problem is not None and problem.kind == "config":
        raise CommandError(problem.text, problem.mend, kind="config", code=Exit.USAGE)


def _nothing(picture: MetricsPicture | None) -> CommandError:
    """Why there is nothing to ask."""
    found = [target.feed.problem for target in picture.targets] if picture else []
    problem = next(filter(None, found), None)
    if problem is None:
        return CommandError(
            "no URL of the service gave metrics in time", "give it longer with --for", kind="no-data"
        )
    return CommandError(f"there are no metrics: {problem.text}", problem.mend, kind=problem.kind)
