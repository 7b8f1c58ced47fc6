"""The child's end of the pipe that ties it to its parent: see `children`."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable


def hold(at_end: Callable[[], object] = lambda: os._exit(0)) -> None:
    """Watch standard input from a thread of its own and call `at_end` there when it ends: by default, leave."""
    threading.Thread(target=_watch, args=(sys.stdin.fileno(), at_end), daemon=True).start()


def _watch(descriptor: int, at_end: Callable[[], object]) -> None:
    while os.read(descriptor, 4096):
        pass
    at_end()
