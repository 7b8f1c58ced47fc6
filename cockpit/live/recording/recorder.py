"""Records a session in a thread of its own: neither a slow disk nor a full one holds anything else up."""

from __future__ import annotations

import logging
import sqlite3
import threading
from typing import TYPE_CHECKING

from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.inbox import Inbox
from cockpit.live.snapshot import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from cockpit.live.recording.bounds import Bounds
    from cockpit.live.recording.looking import Span
    from cockpit.live.recording.reading import Recording
    from cockpit.live.recording.tape import Tape
    from cockpit.live.recording.writing import Writer

logger = logging.getLogger(__name__)

EVERY = 0.75
"""Seconds between two times that something is written: with the writing itself kill -9 loses less than one."""

RETRY = 10.0
PATIENCE = 10.0
"""Seconds that the end waits for a disk."""

PRUNE_EVERY = 300.0
MOST_UNWRITTEN = 32 << 20
KIND = "recording"
SAID_FOR = 600.0
"""Seconds for which a loss is shown after there was room again."""

_DETAILS = "the log file has the details"


class Recorder:
    """Records what comes into its inbox, from `start` until `stop`.

    `folder` is where, None for memory alone; `about` is what a `Tape` says of itself; `time` gives epoch seconds.
    Nothing but what is said here raises: what stands in the way is `problem`.
    """

    def __init__(
        self, folder: Path | None, about: Mapping[str, str], bounds: Bounds, time: Callable[[], float]
    ) -> None:
        self.inbox = Inbox(time)
        self.problem: Problem | None = None
        self._folder = folder
        self._about = about
        self._bounds = bounds
        self._time = time
        self._working = threading.RLock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._tape: Tape | None = None
        self._writer: Writer | None = None
        self._retry_at = self._prune_at = 0.0
        self._lost = 0
        self._lost_at = 0.0
        self._spans: tuple[Span, ...] = ()

    @property
    def path(self) -> Path | None:
        """The file, once there is one."""
        return self._tape.path if self._tape is not None and self._folder is not None else None

    @property
    def spans(self) -> Sequence[Span]:
        """From when until when somebody looked, as far as there is something of it."""
        return self._spans

    def start(self) -> None:
        """Begin to record. What was put into the inbox before is recorded, too."""
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Record the rest and close the file. Blocks until then, but not for a disk that does not answer."""
        self._stopping.set()
        if not self._working.acquire(timeout=PATIENCE):
            logger.warning("the disk does not answer: the last seconds are not recorded")
            return
        try:
            self._step(end=True)
            if self._tape is not None:
                self._tape.close()
            self._tape = self._writer = None
        finally:
            self._working.release()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def flush(self) -> None:
        """Record now what has come until now. Blocks."""
        with self._working:
            self._step()

    def reader(self) -> Recording | None:
        """What has been recorded so far, to be read while it goes on; None where nothing was.

        Raises RecordingError. Blocks.
        """
        with self._working:
            return self._tape.reader() if self._tape is not None else None

    def _run(self) -> None:
        while not self._stopping.wait(EVERY):
            with self._working:
                if not self._stopping.is_set():
                    self._step()

    def _step(self, *, end: bool = False) -> None:
        try:
            self._record(self._time(), end=end)
        except (RecordingError, sqlite3.Error) as error:
            self._fails(error)
        except Exception as error:
            logger.exception("the session could not be recorded")
            self._fails(error)

    def _record(self, at: float, *, end: bool) -> None:
        if at < self._retry_at and not end:
            return
        self._leave_what_is_gone(at)
        writer = self._opened(at)
        if writer is None:
            return
        things, lost = self.inbox.take()
        for thing in things:
            try:
                thing(writer)
            except Exception:
                logger.exception("something could not be recorded")
                lost += 1
        if lost:
            self._loses(lost, at)
        assert self._tape is not None
        with self._tape.guard:
            writer.flush(at, end=end)
            self._prune(self._tape, writer, at)
        self._spans = tuple(writer.spans)
        self.problem = self._loss(at)

    def _leave_what_is_gone(self, at: float) -> None:
        """Begin a new file where somebody has removed this one: SQLite would write on into nothing."""
        if self._tape is not None and not self._tape.stands:
            logger.warning("the recording %s was removed", self._tape.path)
            self._tape.close()
            self._tape = self._writer = None
            self._spans = ()
            self._loses(1, at)

    def _opened(self, at: float) -> Writer | None:
        """What writes, made when there is something to be written, and again a while after that failed."""
        if self._writer is None and self.inbox.waits:
            # Only now: what it needs takes a while to load.
            from cockpit.live.recording.tape import Tape
            from cockpit.live.recording.writing import Writer

            folder = self._folder
            self._tape = Tape.in_memory(self._about) if folder is None else Tape.new(folder, self._about, at)
            self._writer = Writer(self._tape.connection, at)
        return self._writer

    def _prune(self, tape: Tape, writer: Writer, at: float) -> None:
        from cockpit.live.recording.pruning import prune, size_of, trim

        if at < self._prune_at:
            return
        self._prune_at = at + PRUNE_EVERY
        if self._folder is not None:
            excess = prune(self._folder, self._bounds, at, tape.path)
        else:
            excess = max(0, size_of(tape.connection) - self._bounds.size)
        first = trim(tape.connection, excess, at - self._bounds.age)
        if first is not None:
            writer.trimmed(first)

    def _fails(self, error: Exception) -> None:
        at = self._time()
        self._retry_at = at + RETRY
        writer = self._writer
        if writer is not None and writer.unwritten > MOST_UNWRITTEN:
            self._loses(writer.discard(), at)
        self.problem = _problem(error)

    def _loses(self, count: int, at: float) -> None:
        self._lost += count
        self._lost_at = at
        logger.warning("%d things could not be recorded", count)

    def _loss(self, at: float) -> Problem | None:
        if not self._lost or at > self._lost_at + SAID_FOR:
            return None
        return Problem(
            KIND,
            f"A part of this session is not recorded: {self._lost:,} snapshots, samples and log entries",
            "There was no room for them for a while; the log file says when",
        )


def _problem(error: Exception) -> Problem:
    if isinstance(error, RecordingError):
        return Problem(KIND, f"The session is not recorded: {error}", error.mend)
    if isinstance(error, sqlite3.Error):
        from cockpit.live.recording.tape import mend_of

        return Problem(KIND, f"The session is not recorded: {error}", mend_of(error))
    return Problem(KIND, "The session is not recorded", _DETAILS)
