"""A program in a pseudo-terminal: what reaches the screen, when, and what it costs. Benchmarks use it too.

A thread drains the pty and stamps every read; pyte turns the bytes into a screen when somebody looks, so that the
emulator's own cost never enters a latency.
"""

from __future__ import annotations

import fcntl
import os
import pty
import queue
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import psutil
import pyte

# pyte prints the tail of private sequences it does not know (kitty's keyboard protocol, for one).
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\[\?[0-9;]*u")
_COLOURS = re.compile(rb"\x1b\[[0-9;]*m")
_CUT_SHORT = re.compile(rb"\x1b(\[[<>=?]?[0-9;$]*)?$")

KEYS = {
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "space": b" ",
    "backspace": b"\x7f",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "ctrl+p": b"\x10",
    "ctrl+c": b"\x03",
    "ctrl+t": b"\x14",
}

Lines = list[str]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes of one read, and the moment (`time.perf_counter`) at which they were here."""

    moment: float
    data: bytes


class Emulator:
    """A screen that bytes are drawn on, however they are cut.

    Colours are drawn where they are wanted: they are most of what a program sends, and cost pyte most of its time.
    """

    def __init__(self, columns: int, rows: int, *, coloured: bool = False) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        self._coloured = coloured
        self._lines: dict[int, str] = {}

    def feed(self, data: bytes) -> None:
        """Draw; an escape sequence that is cut short waits for its rest."""
        data = self._held + data
        cut = _CUT_SHORT.search(data)
        self._held = cut.group() if cut else b""
        known = _UNKNOWN_TO_PYTE.sub(b"", data[: len(data) - len(self._held)])
        self._stream.feed(known if self._coloured else _COLOURS.sub(b"", known))

    @property
    def lines(self) -> Lines:
        """The screen, a string a row; rows on which nothing was drawn since are not put together anew."""
        for y in self.screen.dirty:
            row = self.screen.buffer[y]
            self._lines[y] = "".join(row[x].data for x in range(self.screen.columns))
        self.screen.dirty.clear()
        return [self._lines[y] for y in range(self.screen.lines)]


class Terminal:
    """One program in one pty. Close it, or use it as a context manager: the program is ended by its id."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        coloured: bool = False,
    ) -> None:
        self._emulator = Emulator(columns, rows, coloured=coloured)
        self.screen = self._emulator.screen
        self._chunks: queue.SimpleQueue[Chunk] = queue.SimpleQueue()
        self.raw = bytearray()
        self._master, slave = pty.openpty()
        _set_size(slave, columns, rows)
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})}
        for overrule in ("COLUMNS", "LINES"):  # Textual's screenshots leave them behind, and believe them
            environment.pop(overrule, None)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def press(self, *names: str) -> float:
        """Write keys, by name or as they are; answers the moment just before."""
        moment = time.perf_counter()
        os.write(self._master, b"".join(KEYS.get(name, name.encode()) for name in names))
        return moment

    def resize(self, columns: int, rows: int) -> None:
        """Change the window; the program gets SIGWINCH from the kernel."""
        self.screen.resize(rows, columns)
        _set_size(self._master, columns, rows)
        os.killpg(self.process.pid, signal.SIGWINCH)

    def wait(self, shown: Callable[[Lines], bool], timeout: float = 60.0) -> float:
        """The moment the screen first satisfied `shown`. Raises TimeoutError with the screen as it then was."""
        deadline = time.perf_counter() + timeout
        if shown(self.lines):
            return time.perf_counter()
        while (left := deadline - time.perf_counter()) > 0:
            try:
                chunk = self._chunks.get(timeout=left)
            except queue.Empty:
                break
            self._feed(chunk.data)
            if shown(self.lines):
                return chunk.moment
        raise TimeoutError(f"not shown within {timeout} s; the screen is:\n" + "\n".join(self.lines))

    def wait_text(self, text: str, timeout: float = 60.0) -> float:
        """The moment `text` stood on one line of the screen."""
        return self.wait(lambda lines: any(text in line for line in lines), timeout)

    def settle(self, quiet: float = 0.3, timeout: float = 20.0) -> None:
        """Feed the screen until nothing came for `quiet` seconds, or the time is up."""
        deadline = time.perf_counter() + timeout
        while time.perf_counter() < deadline:
            try:
                self._feed(self._chunks.get(timeout=quiet).data)
            except queue.Empty:
                return

    @property
    def lines(self) -> Lines:
        """The screen, a string a row."""
        return self._emulator.lines

    def cpu(self) -> float:
        """User and system seconds the program itself has spent; its children do not count."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def wait_exit(self, timeout: float = 30.0) -> int:
        """The program's exit code, once it has ended and everything it wrote is on the screen."""
        code = self.process.wait(timeout)
        self._reader.join(timeout)
        while not self._chunks.empty():
            self._feed(self._chunks.get().data)
        return code

    def close(self) -> None:
        """End the program (SIGTERM, then SIGKILL) and reap it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(5)

    def _drain(self) -> None:
        with os.fdopen(self._master, "rb", buffering=0, closefd=True) as master:
            while True:
                ready, _, _ = select.select([master], [], [], 0.2)
                if not ready:
                    if self.process.poll() is not None:
                        return
                    continue
                try:
                    data = master.read(65536)
                except OSError:  # Linux answers EIO once the last writer has gone
                    return
                if not data:
                    return
                self._chunks.put(Chunk(time.perf_counter(), data))

    def _feed(self, data: bytes) -> None:
        self.raw += data
        self._emulator.feed(data)


def _set_size(fd: int, columns: int, rows: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
