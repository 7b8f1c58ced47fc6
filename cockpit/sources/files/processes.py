"""The processes that read, seen from the one that asks them: started, asked, and always reaped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from cockpit.sources.errors import SourceError, UnreadableError
from cockpit.sources.files.batch import HEADER, Batch, Failed, length_of, message_of
from cockpit.sources.files.job import REQUEST, Job
from cockpit.sources.files.slices import Slice

MODULE = "cockpit.sources.files.worker"

_BUFFER = 1 << 20
_ATTEMPTS = 2
_ENDING = 1.0
"""Seconds that a process has to end by itself, which then says how."""


class EndedError(Exception):
    """The process ended before it had answered; `str(error)` says how."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A part of a file that could not be read, and why."""

    part: Slice
    why: str


class ReadingProcess:
    """One process that reads. Made by `ReadingProcess.start`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, job: Job) -> ReadingProcess:
        """Start it on a job, whose descriptor it inherits. Raises SourceError where no process can be had.

        A session of its own keeps the terminal's Ctrl-C from it: ending it is ours to do.
        """
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", MODULE, msgspec.json.encode(job).decode()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                pass_fds=(job.descriptor,),
                start_new_session=True,
                limit=_BUFFER,
            )
        )
        try:
            return cls(await asyncio.shield(starting))
        except asyncio.CancelledError:
            await cls(await starting).stop()  # half-started it would be left to itself
            raise
        except OSError as error:
            raise SourceError(f"no process can be started: {error.strerror}", "see ulimit -u") from error

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def ask(self, part: Slice) -> list[Batch]:
        """What is in a part of the file. Raises EndedError, and SourceError where the file cannot be read."""
        assert self._process.stdin is not None
        with contextlib.suppress(ConnectionError):  # its end is seen by reading
            self._process.stdin.write(REQUEST.pack(part.start, part.stop))
            await self._process.stdin.drain()
        return [batch async for batch in self.batches()]

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """What it hands over, up to the last of what was asked for. Raises EndedError, SourceError."""
        assert self._process.stdout is not None
        is_last = False
        while not is_last:
            try:
                header = await self._process.stdout.readexactly(HEADER)
                message = message_of(await self._process.stdout.readexactly(length_of(header)))
            except (asyncio.IncompleteReadError, msgspec.DecodeError) as error:
                raise EndedError(await self._how_it_ended()) from error
            if isinstance(message, Failed):
                raise UnreadableError(message.why, message.mend)
            yield message
            is_last = message.last

    async def stop(self) -> None:
        """End it and reap it, also when cancelled meanwhile: killed, it takes milliseconds."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)  # Popen's own kill would reap it behind asyncio's back
        if self._process.stdin is not None:
            self._process.stdin.close()
        reaping = asyncio.ensure_future(self._process.communicate())  # reads what was sent, else a pipe stays open
        try:
            await asyncio.shield(reaping)
        except asyncio.CancelledError:
            await reaping
            raise

    async def _how_it_ended(self) -> str:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ENDING):
                await self._process.wait()
        await self.stop()
        code = self._process.returncode or 0
        return f"by signal {-code}" if code < 0 else f"with code {code}"


class _Reader:
    """One of several that read parts of a file: a process, and another one when that ends over a part."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._process: ReadingProcess | None = None

    async def answer(self, part: Slice) -> list[Batch] | Lost:
        """What is in the part. Raises SourceError where the file cannot be read, or no process be had."""
        why = ""
        for _ in range(_ATTEMPTS):
            if self._process is None:
                self._process = await ReadingProcess.start(self._job)
            try:
                return await self._process.ask(part)
            except EndedError as error:
                self._process, why = None, f"the process that read them ended {error}"
        return Lost(part, why)

    async def stop(self) -> None:
        """End its process."""
        if self._process is not None:
            await self._process.stop()


class Pool:
    """Several processes read parts of a file; what they read is given in the order of the parts."""

    def __init__(self, job: Job, parts: Sequence[Slice], count: int) -> None:
        self._job = job
        self._parts = parts
        self._count = count
        self._left: Iterator[int] = iter(range(len(parts)))
        self._room = asyncio.Semaphore(count + 1)
        self._answers: list[asyncio.Future[list[Batch] | Lost]] = []

    async def answers(self) -> AsyncGenerator[list[Batch] | Lost, None]:
        """Part by part. Raises SourceError. To be closed (contextlib.aclosing): that ends the processes."""
        loop = asyncio.get_running_loop()
        self._answers = [loop.create_future() for _ in self._parts]
        tasks = [asyncio.create_task(self._work()) for _ in range(self._count)]
        try:
            for place, answer in enumerate(self._answers):
                yield await answer
                self._answers[place] = loop.create_future()  # what was read is not kept here
                self._room.release()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self) -> None:
        """Answer one part after another; at most one more than there are processes waits to be taken."""
        reader = _Reader(self._job)
        try:
            while True:
                await self._room.acquire()
                place = next(self._left, None)
                if place is None:
                    return
                try:
                    self._answers[place].set_result(await reader.answer(self._parts[place]))
                except SourceError as error:
                    self._answers[place].set_exception(error)
                    return
        finally:
            await reader.stop()
