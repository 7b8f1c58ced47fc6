"""Waiting for a session to know something: what headless commands do instead of watching."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot


async def until(session: Session, wanted: Callable[[Snapshot], bool], seconds: float) -> Snapshot:
    """The first snapshot that is as wanted. Raises TimeoutError after some seconds."""
    found: asyncio.Future[Snapshot] = asyncio.get_running_loop().create_future()

    def look(snapshot: Snapshot) -> None:
        if not found.done() and wanted(snapshot):
            found.set_result(snapshot)

    stop = session.subscribe(look)
    try:
        look(session.snapshot)
        async with asyncio.timeout(seconds):
            return await found
    finally:
        stop()
