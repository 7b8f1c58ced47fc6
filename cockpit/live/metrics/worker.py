"""One thread for all work on samples: it is done in order, and the terminal's loop waits for none of it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


class Worker:
    """Runs functions one after the other in a thread of its own, which starts with the first one."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="metrics")
        self._closed = False

    async def do(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function gives or raises, once those asked for before it are done.

        Raises CancelledError where the worker is closed before the function's turn comes.
        """
        if self._closed:
            raise asyncio.CancelledError
        return await asyncio.wrap_future(self._thread.submit(function, *args, **kwargs))

    def close(self) -> None:
        """What runs is let finish, what waits or comes later is dropped."""
        self._closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)
