"""The processes that read, seen from the one that asks them: started, asked, and always reaped."""

from __future__ import annotations

import asyncio
import contextlib
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
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", MODULE, msgspec.json.encode(job).decode()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                pass_fds=(job.descriptor,),
                start_new_session=True,
                limit=_BUFFER,
            )
        except OSError as error:
            raise SourceError(f"no process can be started: {error.strerror}", "see ulimit -u") from error
        return cls(process)

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
        """End it and reap it."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def _how_it_ended(self) -> str:
        await self.stop()
        code = self._process.returncode or 0
        return f"by signal {-code}" if code < 0 else f"with code {code}"


class Pool:
    """Several processes read parts of a file; what they read is given in the order of the parts."""

    def __init__(self, job: Job, parts: Sequence[Slice], count: int) -> None:
        self._job = job
        self._parts = parts
        self._count = count
        self._left: Iterator[int] = iter(range(len(parts)))
        self._room = asyncio.Semaphore(count + 1)
        self._answers: list[asyncio.Future[list[Batch] | Lost]] = []
        self.pids: set[int] = set()
        """Of the processes that are there."""

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
        process: ReadingProcess | None = None
        try:
            while True:
                await self._room.acquire()
                place = next(self._left, None)
                if place is None:
                    return
                try:
                    process, answer = await self._asked(process, self._parts[place])
                except SourceError as error:
                    self._answers[place].set_exception(error)
                    return
                self._answers[place].set_result(answer)
        finally:
            if process is not None:
                self.pids.discard(process.pid)
                await process.stop()

    async def _asked(
        self, process: ReadingProcess | None, part: Slice
    ) -> tuple[ReadingProcess | None, list[Batch] | Lost]:
        """The answer, and who gave it: where a process ends over a part, another one tries."""
        why = ""
        for _ in range(_ATTEMPTS):
            if process is None:
                process = await ReadingProcess.start(self._job)
                self.pids.add(process.pid)
            try:
                return process, await process.ask(part)
            except EndedError as error:
                self.pids.discard(process.pid)
                process, why = None, f"the process that read them ended {error}"
        return None, Lost(part, why)
