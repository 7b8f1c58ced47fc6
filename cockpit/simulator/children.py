"""Child processes that cannot outlive the simulator, however it ends.

A child's standard input is a pipe whose only other end is ours. When we are gone, kill -9 included, the system
closes it, and the child, which waits for that end, leaves. This works wherever there are pipes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

CHUNK = 1 << 14
LONGEST_LINE = 1 << 18
"""Bytes; longer lines are cut, as Cloud Logging does at 256 KiB."""


class Child:
    """One Python module run as a process of its own. Made by `Child.start`."""

    def __init__(self, process: asyncio.subprocess.Process, lifeline: int) -> None:
        self._process = process
        self._lifeline = lifeline
        self._reaping: asyncio.Task[int] | None = None

    @classmethod
    async def start(
        cls,
        module: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        descriptors: Sequence[int] = (),
        captured: bool = False,
    ) -> Child:
        """Run `python -m module arguments`; it inherits `descriptors`. Raises OSError.

        A session of its own keeps the terminal's Ctrl-C from it: ending it is ours to do.
        """
        stdin, lifeline = os.pipe()
        output = asyncio.subprocess.PIPE if captured else None
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", module, *arguments),
                stdin=stdin,
                stdout=output,
                stderr=output,
                pass_fds=descriptors,
                env=environment,
                start_new_session=True,
            )
        except BaseException:
            os.close(lifeline)
            raise
        finally:
            os.close(stdin)
        return cls(process, lifeline)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def stdout(self) -> asyncio.StreamReader | None:
        """Its output, when captured."""
        return self._process.stdout

    @property
    def stderr(self) -> asyncio.StreamReader | None:
        """Its error output, when captured."""
        return self._process.stderr

    async def wait(self) -> int:
        """Reap it; the exit code, negative for a signal. Any number may wait."""
        if self._reaping is None:
            self._reaping = asyncio.create_task(self._reap())
        return await asyncio.shield(self._reaping)

    async def stop(self, grace: float) -> None:
        """SIGTERM, `grace` seconds, SIGKILL; returns when it is reaped."""
        self._send(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.wait(), grace)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """SIGKILL; returns when it is reaped."""
        self._send(signal.SIGKILL)
        await self.wait()

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def _reap(self) -> int:
        code = await self._process.wait()
        os.close(self._lifeline)
        return code


@asynccontextmanager
async def open_reader(descriptor: int) -> AsyncIterator[asyncio.StreamReader]:
    """Read a descriptor, which is closed at the end, as a stream."""
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", 0)
    )
    try:
        yield reader
    finally:
        transport.close()


async def lines_of(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Every line without its end, empty ones left out; the last needs no newline."""
    rest = b""
    while chunk := await reader.read(CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if stripped := line.rstrip(b"\r"):
                yield stripped[:LONGEST_LINE]
        await asyncio.sleep(0)  # a read of what is already there suspends nobody
        if len(rest) >= LONGEST_LINE:
            yield rest[:LONGEST_LINE]
            rest = rest[LONGEST_LINE:]
    if stripped := rest.rstrip(b"\r"):
        yield stripped
