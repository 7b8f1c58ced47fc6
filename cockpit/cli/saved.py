"""Files that users name: read whole and within bounds, standard input as "-"."""

from __future__ import annotations

import os
import stat
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from cockpit.cli.exits import CommandError, Exit

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

STDIN = "-"
MEBIBYTE = 1 << 20
MOST_BYTES = 256 * MEBIBYTE
"""What is read of one file: as metrics it takes a minute and a dozen times as much memory."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A file's content, and the moment it was saved in epoch milliseconds; of a pipe, when it was read."""

    name: str
    content: bytes
    at: int

    def refused(self, message: str, mend: str) -> CommandError:
        """The error for content that cannot be used."""
        return unusable(self.name, message, mend)

    @property
    def text(self) -> str:
        """The content as UTF-8. Raises CommandError."""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise self.refused("not a text file in UTF-8", "save it as UTF-8") from None


def read_saved(name: str, most: int = MOST_BYTES) -> Saved:
    """Read a file, a pipe, or standard input. Raises CommandError, also for more than `most` bytes."""
    shown = "standard input" if name == STDIN else name
    try:
        with _opened(name) as file:
            content = file.read(most + 1)
            told = os.fstat(file.fileno())
    except OSError as error:
        raise unusable(shown, (error.strerror or str(error)).lower(), "name a readable file") from None
    if len(content) > most:
        raise unusable(shown, f"more than {most // MEBIBYTE} MiB, which is not read", "save less of it")
    saved = told.st_mtime if stat.S_ISREG(told.st_mode) else time.time()
    return Saved(shown, content, round(saved * 1000))


def unusable(name: str, message: str, mend: str) -> CommandError:
    """The error for a file that cannot be used."""
    return CommandError(f"{name}: {message}", mend, kind="usage", code=Exit.USAGE)


def _opened(name: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if name == STDIN else open(name, "rb")
