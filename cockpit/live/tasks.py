"""Tasks that run as long as a session does: one that fails says so at once, and not to nobody at the end."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine

logger = logging.getLogger(__name__)


def begun(work: Coroutine[None, None, None], name: str) -> asyncio.Task[None]:
    """The task of some work, under a name that the log file tells where it fails."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_told)
    return task


def _told(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("%s failed", task.get_name(), exc_info=error)
