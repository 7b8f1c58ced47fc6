"""What a service went through: the changes made here, and the splits seen whoever made them."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.live.journal import JournalError
from cockpit.live.rollback import rollback_of, seen_in, undoable
from cockpit.live.snapshot import Problem

if TYPE_CHECKING:
    from cockpit.live.clock import Clock
    from cockpit.live.journal import Journal
    from cockpit.live.rollback import SplitSeen
    from cockpit.live.snapshot import Change, Snapshot
    from cockpit.live.state import State
    from cockpit.release.service import Service, ServiceRef

logger = logging.getLogger(__name__)

NOTICE = "journal"


class Past:
    """Keeps history, roll-back and undo of a snapshot true.

    What is seen is remembered at once and written to the journal by `keep`; a journal that fails is a notice in
    the snapshot, and what it would have kept is kept in memory meanwhile: `failing` says whether that is so.
    """

    def __init__(self, ref: ServiceRef, journal: Journal, state: State, clock: Clock) -> None:
        self._ref = ref
        self._journal = journal
        self._state = state
        self._clock = clock
        self._history: tuple[Change, ...] = ()
        self._seen: tuple[SplitSeen, ...] = ()
        self._unwritten: list[SplitSeen] = []
        self._unrecorded: list[Change] = []
        self._read_at: int | None = None
        self._read_once = False
        self.failing = False
        self._keeping = asyncio.Lock()

    def saw(self, service: Service) -> None:
        """Remember what the service serves, where that is settled and new."""
        split = seen_in(service, self._clock.wall())
        if split is None or (self._seen and self._seen[0].served == split.served):
            return
        self._seen = (split, *self._seen)
        self._unwritten.append(split)

    def picture(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with its history, and with the ways back from what is asked now."""
        service = snapshot.service
        if service is None:
            return replace(snapshot, history=self._history, past_read=self._read_once)
        revisions = {revision.name for revision in snapshot.revisions}
        return replace(
            snapshot,
            history=self._history,
            undo=undoable(self._history, service.spec),
            rollback=rollback_of(service, self._seen, revisions),
            past_read=self._read_once,
        )

    async def conclude(self, change: Change) -> None:
        """Write down how a change ended and show it among the others; what cannot be written is tried again."""
        self._unrecorded.append(change)
        self._history = (change, *self._history)
        self._read_at = None
        self._state.fold(self.picture)
        await self.keep()

    async def keep(self) -> None:
        """Write what is not in the journal yet, and read what is new there; a failure is a notice."""
        try:
            async with self._keeping:
                await self._write()
                await self._read()
        except JournalError as error:
            logger.warning("%s", error)
            self._notice(Problem(NOTICE, str(error), error.mend))
        else:
            self._notice(None)

    async def _write(self) -> None:
        while self._unrecorded:
            await self._journal.conclude(self._unrecorded[0], self._clock.wall())
            del self._unrecorded[0]
        while self._unwritten:
            await self._journal.saw(self._ref, self._unwritten[0])
            del self._unwritten[0]

    async def _read(self) -> None:
        """Read the journal again where another cockpit has written, or this one ended a change."""
        version = await self._journal.version()
        if version == self._read_at:
            return
        ended = await self._journal.history(self._ref)
        served = await self._journal.splits(self._ref)
        # What came while the journal was being read stands before what it held.
        self._history = (*reversed(self._unrecorded), *ended)
        self._seen = (*reversed(self._unwritten), *served)
        self._read_at = version
        self._read_once = True
        self._state.fold(self.picture)

    def _notice(self, problem: Problem | None) -> None:
        self.failing = problem is not None
        self._state.notice(NOTICE, problem)
