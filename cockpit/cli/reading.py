"""A session for one command: the service found, read once, and let go."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from cockpit.cli.exits import CommandError, Exit
from cockpit.live.journal import JournalError
from cockpit.release.service import ServiceRef
from cockpit.sources.errors import ThrottledError, UnreachableError
from cockpit.wiring.outside import wired

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from cockpit.config import Settings
    from cockpit.live.session import Session
    from cockpit.live.snapshot import Feed, Snapshot
    from cockpit.release.service import Service
    from cockpit.wiring.outside import Wired

T = TypeVar("T")

READ_SECONDS = 20.0
RETRY_SECONDS = 3.0
RETRY_PAUSE = 0.3
RECOVER_SECONDS = 5.0
OBSERVED_SECONDS = 3.0
PAST_SECONDS = 10.0
_MAY_PASS = {"unreachable", "throttled", "failed"}
_NAMES_SHOWN = 8


@asynccontextmanager
async def reading(
    settings: Settings, *, metrics: bool = False, app: bool = False
) -> AsyncIterator[tuple[Session, Service]]:
    """A session whose service and revisions have been read.

    With `metrics` it begins to scrape, with `app` to ask the application. Raises CommandError and SourceError.
    """
    async with wired(settings, metrics=metrics, app=app) as outside:
        ref = await service_ref(outside)
        left = await _left_under_way(outside, ref)
        session = outside.session(ref.service)
        await session.start()
        try:
            service = await _first_read(session)
            if left:
                # The session finds out what became of them; what is shown next should be after that.
                await until(
                    session, lambda snapshot: left <= {each.id for each in snapshot.history}, RECOVER_SECONDS
                )
            yield session, session.snapshot.service or service
        finally:
            await session.stop()


async def _left_under_way(outside: Wired, ref: ServiceRef) -> set[int]:
    """The changes that an earlier cockpit did not see the end of."""
    try:
        return {change.id for change in await outside.outside.journal.pending(ref)}
    except JournalError:
        # Whatever needs the journal says so itself; a status does not.
        return set()


async def service_ref(outside: Wired) -> ServiceRef:
    """The service that the settings name, or the only one there is. Raises CommandError and SourceError."""
    where = outside.settings.service
    if where.name:
        return ServiceRef(where.project, where.region, where.name)
    found = [service.ref for service in await patiently(outside.fleet.services)]
    place = f"{where.region} of {where.project}"
    if len(found) == 1:
        return found[0]
    if not found:
        raise CommandError(f"there are no services in {place}", "check --project and --region")
    names = [ref.service for ref in found]
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    raise CommandError(
        f"there are {len(names)} services in {place}",
        f"name one with --service: {', '.join(names[:_NAMES_SHOWN])}{more}",
        kind="no-service",
        code=Exit.USAGE,
    )


async def patiently(read: Callable[[], Awaitable[T]]) -> T:
    """Read, and again for a few seconds where the other side cannot be reached or is too busy."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + RETRY_SECONDS
    while True:
        try:
            return await read()
        except (UnreachableError, ThrottledError):
            if loop.time() > deadline:
                raise
        await asyncio.sleep(RETRY_PAUSE)


async def until(session: Session, holds: Callable[[Snapshot], bool], seconds: float) -> bool:
    """Wait until something holds of the snapshot, at most so long; whether it does."""
    held = asyncio.Event()

    def look(snapshot: Snapshot) -> None:
        if holds(snapshot):
            held.set()

    stop = session.subscribe(look)
    try:
        look(session.snapshot)
        async with asyncio.timeout(seconds):
            await held.wait()
    except TimeoutError:
        return False
    finally:
        stop()
    return True


async def observed_too(session: Session) -> None:
    """Wait a little for the request log; a service without requests or a log that fails is no error."""

    def there(snapshot: Snapshot) -> bool:
        feed = snapshot.feed("requests")
        return bool(snapshot.observed and snapshot.observed.total) or bool(feed and feed.problem)

    await until(session, there, OBSERVED_SECONDS)


async def past_too(session: Session) -> None:
    """Wait until the journal has told what it knows of the way back, or that it cannot."""
    await until(session, lambda snapshot: snapshot.past_read or bool(snapshot.notices), PAST_SECONDS)


async def _first_read(session: Session) -> Service:
    def feeds(snapshot: Snapshot) -> list[Feed]:
        return [feed for name in ("service", "revisions") if (feed := snapshot.feed(name)) is not None]

    def read(snapshot: Snapshot) -> bool:
        return snapshot.service is not None and all(feed.fresh_at is not None for feed in feeds(snapshot))

    def hopeless(snapshot: Snapshot) -> bool:
        problems = [feed.problem for feed in feeds(snapshot) if feed.fresh_at is None and feed.problem]
        return any(problem.kind not in _MAY_PASS for problem in problems)

    def failing(snapshot: Snapshot) -> bool:
        return any(feed.fresh_at is None and feed.problem for feed in feeds(snapshot))

    await until(session, lambda snapshot: read(snapshot) or failing(snapshot), READ_SECONDS)
    await until(session, lambda snapshot: read(snapshot) or hopeless(snapshot), RETRY_SECONDS)
    snapshot = session.snapshot
    if snapshot.service is not None and read(snapshot):
        return snapshot.service
    for feed in feeds(snapshot):
        if feed.problem and feed.fresh_at is None:
            raise CommandError(feed.problem.text, feed.problem.mend, kind=feed.problem.kind)
    raise CommandError(f"no answer in {READ_SECONDS:.0f} s", "check the network, or try again", kind="unreachable")
