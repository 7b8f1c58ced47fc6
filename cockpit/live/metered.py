"""Cloud Run and Cloud Logging within the budget: every call takes its token, what was throttled slows all down."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from cockpit.sources.cloudlogging import PAGE as LOG_PAGE
from cockpit.sources.cloudrun import PAGE
from cockpit.sources.errors import ThrottledError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence, Sized

    from cockpit.live.budget import Bucket, Budget
    from cockpit.release.service import Revision, Service, ServiceRef
    from cockpit.release.traffic import Split
    from cockpit.sources.cloudlogging import LogEntry
    from cockpit.sources.cloudrun import OperationState, Releases
    from cockpit.sources.tail import Logging


class MeteredReleases:
    """A `Releases` that keeps within a budget. The calls of a change are urgent: they may use the reserve."""

    def __init__(self, releases: Releases, budget: Budget, *, urgent: bool = False) -> None:
        self._releases = releases
        self._budget = budget
        self._urgent = urgent

    async def service(self, ref: ServiceRef) -> Service:
        """Read one service."""
        async with self._reading():
            return await self._releases.service(ref)

    async def services(self, project: str, region: str) -> tuple[Service, ...]:
        """Every service of one region."""
        async with self._reading():
            found = await self._releases.services(project, region)
        self._budget.reads.spend(_more_pages(found))
        return found

    async def revisions(self, ref: ServiceRef) -> tuple[Revision, ...]:
        """Every revision of a service, newest first."""
        async with self._reading():
            found = await self._releases.revisions(ref)
        self._budget.reads.spend(_more_pages(found))
        return found

    async def write_traffic(self, ref: ServiceRef, split: Split, etag: str) -> str:
        """Ask for a split. Raises ThrottledError without asking where the budget for writes is used up.

        It never waits for a token: what was read a moment ago would be old by the time of the write.
        """
        wait = self._budget.writes.wait(urgent=self._urgent)
        if wait > 0:
            raise ThrottledError(
                "the cockpit has used its own budget of writes for this minute",
                f"try again in {wait:.0f} s",
                retry_after=wait,
            )
        self._budget.writes.spend(1)
        with _throttling(self._budget.writes):
            return await self._releases.write_traffic(ref, split, etag)

    async def operation(self, name: str) -> OperationState:
        """Poll one long-running operation once."""
        async with self._reading():
            return await self._releases.operation(name)

    async def permissions(self, ref: ServiceRef, wanted: tuple[str, ...]) -> frozenset[str]:
        """Which of the wanted permissions the caller has."""
        async with self._reading():
            return await self._releases.permissions(ref, wanted)

    async def close(self) -> None:
        """Release the channel."""
        await self._releases.close()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[None]:
        await self._budget.reads.take(urgent=self._urgent)
        with _throttling(self._budget.reads):
            yield


class MeteredLogging:
    """A `Logging` whose lists keep within a budget, a token for each page; tails cost none."""

    def __init__(self, logging: Logging, budget: Budget, *, urgent: bool = False) -> None:
        self._logging = logging
        self._lists = budget.lists
        self._urgent = urgent
        self.tail = logging.tail

    async def pages(
        self, query: str, *, since: float | None = None, until: int | None = None, most: int = LOG_PAGE
    ) -> AsyncGenerator[Sequence[LogEntry], None]:
        """What matches between two moments, newest first, page by page; see `CloudLogging`."""
        found = self._logging.pages(query, since=since, until=until, most=most)
        async with aclosing(rationed(found, self._lists, urgent=self._urgent)) as pages:
            async for page in pages:
                yield page


async def rationed(
    pages: AsyncGenerator[Sequence[LogEntry], None], lists: Bucket, *, urgent: bool = False
) -> AsyncGenerator[Sequence[LogEntry], None]:
    """The same pages, each for a token."""
    async with aclosing(pages):
        while True:
            await lists.take(urgent=urgent)
            with _throttling(lists):
                page = await anext(pages, None)
            if page is None:
                lists.spend(-1)  # the end was known without a call
                return
            yield page


@contextmanager
def _throttling(bucket: Bucket) -> Iterator[None]:
    try:
        yield
    except ThrottledError as error:
        bucket.throttled(error.retry_after)
        raise


def _more_pages(found: Sized) -> int:
    return max(0, (len(found) - 1) // PAGE)
