"""The app's own end of the pipe to the server: textual's driver for the web, ended with the pipe."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp

if TYPE_CHECKING:
    from collections.abc import Iterator

STDOUT, STDERR = 1, 2


class PageDriver(WebDriver):
    """Draws into standard output, and leaves when standard input ends: the server is gone then, anyhow."""

    def start_application_mode(self) -> None:
        """Begin to draw, and to read keys."""
        self._loop = asyncio.get_running_loop()
        super().start_application_mode()

    def run_input_thread(self) -> None:
        """Read keys until there are no more."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            asyncio.run_coroutine_threadsafe(self._app._post_message(ExitApp()), self._loop)


@contextmanager
def own_pipe() -> Iterator[None]:
    """Keep the pipe to the server for the app alone; what anyone else writes to standard output is an error's.

    A word in between would be taken for the length of what follows.
    """
    kept = sys.stdout, sys.__stdout__
    with os.fdopen(os.dup(STDOUT), "w", encoding="utf-8") as pipe:
        sys.stdout.flush()
        os.dup2(STDERR, STDOUT)
        sys.stdout = sys.__stdout__ = pipe  # type: ignore[misc]
        try:
            yield
        finally:
            os.dup2(pipe.fileno(), STDOUT)
            sys.stdout, sys.__stdout__ = kept  # type: ignore[misc]


def say_instead(text: str) -> None:
    """Show a page some lines in place of the app, while standard output is the pipe."""
    drawn = text.replace("\n", "\r\n").encode()
    ended = b'{"type":"exit"}'
    packets = b"".join(kind + len(data).to_bytes(4, "big") + data for kind, data in ((b"D", drawn), (b"M", ended)))
    os.write(STDOUT, b"__GANGLION__\n" + packets)
