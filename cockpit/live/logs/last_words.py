"""What a failed revision said last: its condition tells that it did not start, its log why."""

from __future__ import annotations

import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

from cockpit.logs.joining import Joiner
from cockpit.release.service import ConditionState
from cockpit.release.state import State, exception_in, standing
from cockpit.sources.entries import record_of
from cockpit.sources.errors import SourceError
from cockpit.sources.servicelog import beside_it, service_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cockpit.live.clock import Clock
    from cockpit.logs.entry import Record
    from cockpit.release.service import Revision, ServiceRef
    from cockpit.sources.cloudlogging import LogEntry
    from cockpit.sources.tail import Logging

logger = logging.getLogger(__name__)

MOST_LINES = 100
MOST_REVISIONS = 5
"""The newest failed revisions are asked about: each costs one of the 60 list reads a minute."""
MOST_TRIES = 3
AGAIN = 20.0
"""Seconds until what was not found, or could not be read, is asked for again: lists are a little behind."""
BEFORE = 60.0

_SAID_IN_THE_LOG = {"", "UNKNOWN", "HEALTH_CHECK_CONTAINER_ERROR", "PROGRESS_DEADLINE_EXCEEDED"}
"""Reasons of conditions that say no more than that the container did not come up."""


class LastWords:
    """Asks Cloud Logging for the last lines on standard error, once for each failed revision."""

    def __init__(self, logging: Logging, ref: ServiceRef, clock: Clock) -> None:
        self._logging = logging
        self._ref = ref
        self._clock = clock
        self._words: dict[str, str] = {}
        self._tries: dict[str, int] = {}
        self._not_before = 0.0

    async def of(self, revisions: Iterable[Revision]) -> Mapping[str, str]:
        """The last words by the revision's name, of those that failed and said some."""
        failed = [revision for revision in revisions if _tells_nothing(revision)][:MOST_REVISIONS]
        for revision in failed:
            tries = self._tries.get(revision.name, 0)
            if revision.name in self._words or tries >= MOST_TRIES or self._clock.now() < self._not_before:
                continue
            self._tries[revision.name] = tries + 1
            try:
                words = await self._ask(revision)
            except SourceError as error:
                logger.info("what %s said last could not be read: %s", revision.name, error)
                words = ""
            if words:
                self._words[revision.name] = words
            else:
                self._not_before = self._clock.now() + AGAIN
        return dict(self._words)

    async def _ask(self, revision: Revision) -> str:
        mine = f'resource.labels.revision_name="{revision.name}" AND logName:"%2Fstderr"'
        query = beside_it(service_query(self._ref), mine)
        since = revision.created.timestamp() - BEFORE if revision.created else None
        entries: list[LogEntry] = []
        async with aclosing(self._logging.pages(query, since=since, most=MOST_LINES)) as pages:
            async for page in pages:
                entries += page
        joiner: Joiner[None] = Joiner()
        records: list[Record] = []
        for entry in reversed(entries):
            records += [record for record, _ in joiner.feed(record_of(entry), None, 0.0)]
        records += [record for record, _ in joiner.close()]
        return last_words([record.text for record in records])


def last_words(texts: Iterable[str]) -> str:
    """The last exception that texts name, or else their last line, as a short phrase."""
    said = [text.strip() for text in texts if text.strip()]
    named = next(filter(None, map(exception_in, reversed(said))), "")
    return named or (said[-1].splitlines()[-1].strip() if said else "")


def _tells_nothing(revision: Revision) -> bool:
    """Whether a revision failed and its conditions do not say why."""
    if standing(revision, ()).state is not State.FAILED:
        return False
    failed = [each for each in revision.conditions if each.state is ConditionState.FAILED]
    return all(each.reason.upper() in _SAID_IN_THE_LOG and not exception_in(each.message) for each in failed)
