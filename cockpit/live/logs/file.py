"""A log in a file, or on standard input: indexed by processes of their own, followed as it grows."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.live.clock import Clock
from cockpit.live.logs.pulse import Pulse
from cockpit.live.logs.reading import NAME, Broken, LogsState, Mode
from cockpit.live.problems import problem_of
from cockpit.live.snapshot import Feed, FeedState
from cockpit.logs.entry import NO_TIME, Flag, Record, Severity
from cockpit.logs.names import Names
from cockpit.logs.segment import SegmentBuilder
from cockpit.logs.store import LogStore
from cockpit.sources.errors import SourceError, UnreadableError
from cockpit.sources.files.follower import Follower
from cockpit.sources.files.index import Plan, planned
from cockpit.sources.files.job import Job
from cockpit.sources.files.opening import STANDARD_INPUT, OpenFile, opened, unreadable
from cockpit.sources.files.payloads import payload_at, payload_of
from cockpit.sources.files.processes import EndedError, Lost, Pool, ReadingProcess
from cockpit.sources.files.segments import segment_of
from cockpit.sources.files.slices import batches

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from types import TracebackType

    from cockpit.config.logs import LogsSettings
    from cockpit.logs.query.pushdown import Pushed
    from cockpit.sources.files.batch import Batch

logger = logging.getLogger(__name__)

POLL = 0.1
"""Seconds between two looks at a file that may have grown."""

MOST_BROKEN = 1000
_MOST_OPEN = 4
"""Files of one name, by rotation, whose payloads can be shown."""

_GENERATION = 1 << 48
"""Bytes: a segment's payload base tells the file, too."""


class FileLogs:
    """The entries of one file: `async with FileLogs(path, settings) as logs`, or `start` and `stop`.

    Starting opens it, recognises what it is and reads the newest entries, a screen's worth and more. The rest is
    indexed in the background: `await logs.read_all()` waits for it. `path` "-" is standard input, which is read as
    long as more comes. With `follow` a file is then read on as it grows, is rotated or cut; packed files and JSON
    arrays without line breaks do not grow. Times without a zone are UTC. `settings` limit what is kept.
    """

    def __init__(
        self, path: str, settings: LogsSettings, *, follow: bool = False, clock: Clock | None = None
    ) -> None:
        self._path = path
        self._follow = follow and path != STANDARD_INPUT
        self._clock = clock or Clock()
        self._store = LogStore(Names(), most=settings.entries, most_bytes=settings.memory)
        self._state = LogsState(path)
        self._pulse = Pulse()
        self._broken: deque[Broken] = deque(maxlen=MOST_BROKEN)
        self._files: list[OpenFile | None] = []
        """By generation: what is rotated or cut begins a new one. None for those whose payloads are gone."""
        self._read = 0
        self._indexed = asyncio.Event()
        self._trouble: SourceError | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def store(self) -> LogStore:
        """The entries at hand."""
        return self._store

    @property
    def state(self) -> LogsState:
        """How far it is read, and what is wrong."""
        return self._state

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` when there is more, at most 30 times a second; returns the way to stop."""
        return self._pulse.subscribe(changed)

    async def __aenter__(self) -> FileLogs:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Open it and read the first screen.

        Raises SourceError, which says the path and the mend, for what cannot be opened, is empty, or is no log.
        """
        file = opened(self._path)
        self._files = [file]
        self._set(source=file.name, mode=Mode.READING)
        try:
            self._task = asyncio.create_task(self._run(file, self._first_screen(file)))
        except OSError as error:
            await self.stop()
            raise unreadable(file.name, error) from error
        except SourceError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End all that reads, and let go of the file. What was read stays."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._pulse.close()
        for file in [each for each in dict.fromkeys(self._files) if each is not None]:
            self._forget(file)

    async def read_all(self) -> None:
        """Wait until all that is there now was read. Raises SourceError where some of it could not be."""
        await self._indexed.wait()
        if self._trouble is not None:
            raise self._trouble

    async def older(self, pushed: Pushed | None = None) -> int:  # noqa: ARG002 - a file is read whole
        """Nothing: a file is read whole."""
        return 0

    async def payload(self, row: int) -> Mapping[str, object]:
        """All that was logged of a row; {"textPayload": …} of a line of text.

        Raises KeyError for a row that left, and SourceError where the file cannot be read any more.
        """
        segment, at = self._store.locate(row)
        flags = Flag(int(segment.flags[at]))
        if Flag.GAP in flags:
            return {"textPayload": segment.text(at)}
        if segment.packed_size:
            found: Mapping[str, object] = payload_of(segment.payload(at)) or {}
        else:
            generation, base = divmod(segment.payload_base, _GENERATION)
            file = self._files[generation]
            if file is None:
                raise UnreadableError(
                    f"{self._state.source} holds this entry no more", "it was rotated away or cut"
                )
            found = await asyncio.to_thread(payload_at, file, base + int(segment.payloads[at]))
        is_line = found.keys() == {"textPayload"}
        return {"textPayload": segment.text(at)} if is_line and Flag.TRACEBACK in flags else found

    def broken(self) -> Sequence[Broken]:
        """The latest entries that could not be read."""
        return tuple(self._broken)

    def command(self, pushed: Pushed | None = None) -> str:  # noqa: ARG002 - no command does the same
        """Nothing does the same."""
        return ""

    def _first_screen(self, file: OpenFile) -> Plan | None:
        """Read what is read first; None where all is read in one go, from the start."""
        size = file.size
        if file.seekable and not size and not self._follow:
            raise UnreadableError(f"{file.name} is empty", "is it the right file?")
        shape = file.parts_shape
        if shape is None:
            return None
        plan = planned(file.descriptor, shape, size, grows=self._follow)
        for batch in batches(file.descriptor, shape, plan.screen):
            self._append(batch)
        self._show_progress(plan.size)
        self._files.append(file)  # a new generation: the store joins neighbours of one, and these are far apart
        return plan

    async def _run(self, file: OpenFile, plan: Plan | None) -> None:
        try:
            await self._watched(self._read_parts(file, plan) if plan is not None else self._read_whole(file))
        finally:
            self._indexed.set()
        follows = self._follow and plan is not None
        self._set(mode=Mode.FOLLOWING if follows else Mode.DONE, whole=not self._store.dropped)
        if file.seekable:
            self._set(progress=1.0)
        if follows and plan is not None:
            await self._watched(self._read_on(Follower(file, self._path, plan.shape, plan.end)))

    async def _watched(self, reading: Coroutine[None, None, None]) -> None:
        """Say what goes wrong: nobody is to wait for what never comes."""
        try:
            await reading
        except SourceError as error:
            self._fail(error)
        except Exception as error:
            logger.exception("%s could not be read", self._path)
            self._fail(
                SourceError(f"{self._state.source} could not be read: {type(error).__name__}", "see the log")
            )

    async def _read_parts(self, file: OpenFile, plan: Plan) -> None:
        job = Job(file.descriptor, file.name, plan.shape)
        async with contextlib.aclosing(Pool(job, plan.parts, plan.processes).answers()) as answers:
            async for answer in answers:
                if isinstance(answer, Lost):
                    self._lose(answer)
                    continue
                for batch in answer:
                    self._append(batch)
                    self._show_progress(plan.size)
                    await asyncio.sleep(0)
        if file.size < plan.end and not self._follow:
            raise SourceError(f"{file.name} was cut while it was read", "open it anew")

    async def _read_whole(self, file: OpenFile) -> None:
        size = file.size if file.seekable else 0
        if not file.seekable:
            self._set(mode=Mode.FOLLOWING)
        process = await ReadingProcess.start(Job(file.descriptor, file.name, seekable=file.seekable))
        try:
            async with contextlib.aclosing(process.batches()) as handed_over:
                async for batch in handed_over:
                    self._append(batch)
                    self._show_progress(size)
        except EndedError as error:
            raise SourceError(f"the process that read {file.name} ended {error}", "open it anew") from error
        finally:
            await process.stop()

    async def _read_on(self, follower: Follower) -> None:
        generation = follower.generation
        while True:
            found, more = follower.poll(self._clock.now())
            if follower.generation > generation:
                generation = follower.generation
                self._remember(follower.file)
            for batch in found:
                self._append(batch)
            problem = follower.problem or self._trouble
            self._set_feed(FeedState.STALE if problem else FeedState.LIVE, problem)
            await (asyncio.sleep(0) if more else self._clock.sleep(POLL))

    def _remember(self, file: OpenFile) -> None:
        """Another file is read, or the same from its start: then what it had is gone. Some are kept open."""
        if file in self._files:
            self._files = [None if each is file else each for each in self._files]
        self._files.append(file)
        kept = list(dict.fromkeys(each for each in self._files if each is not None))
        for old in kept[:-_MOST_OPEN]:
            self._forget(old)

    def _forget(self, file: OpenFile) -> None:
        file.close()
        self._files = [None if each is file else each for each in self._files]

    def _append(self, batch: Batch) -> None:
        if batch.rows:
            self._store.append(segment_of(batch, self._store.names, base=(len(self._files) - 1) * _GENERATION))
        for piece in batch.broken:
            self._broken.append(Broken(f"byte {piece.at:,}", piece.why, piece.head.decode(errors="replace")))
        self._read += batch.read
        if batch.rows or batch.broken_count:
            whole = self._state.whole and not self._store.dropped
            self._set(broken=self._state.broken + batch.broken_count, whole=whole)

    def _lose(self, lost: Lost) -> None:
        builder = SegmentBuilder(self._store.names)
        text = f"bytes {lost.part.start:,} to {lost.part.stop:,} of {self._state.source} are missing: {lost.why}"
        builder.add(Record(NO_TIME, text, Severity.WARNING, Flag.GAP))
        self._store.append(builder.build())
        self._fail(SourceError(text, "open it anew"))

    def _fail(self, error: SourceError) -> None:
        self._trouble = error
        self._set_feed(FeedState.FAILED, error)

    def _show_progress(self, size: int) -> None:
        self._set(progress=min(1.0, self._read / size) if size else None)
        if self._trouble is None:
            self._set_feed(FeedState.LIVE)

    def _set_feed(self, state: FeedState, error: SourceError | None = None) -> None:
        fresh_at = self._clock.now() if error is None else self._state.feed.fresh_at
        feed = Feed(NAME, state, fresh_at, problem_of(error) if error else None)
        shown = self._state.feed
        if (feed.state, feed.problem) != (shown.state, shown.problem):
            self._pulse.touch()
        self._state = replace(self._state, feed=feed)

    def _set(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)
        self._pulse.touch()
