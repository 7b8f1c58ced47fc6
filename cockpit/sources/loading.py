"""The Google clients, loaded when they are first needed: 0.4 s that the first paint does not wait for."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os

_MODULES = ("grpc.aio", "google.cloud.run_v2", "google.cloud.logging_v2")


async def load() -> None:
    """Import the Google clients in a thread, so that the loop keeps turning meanwhile. Again is free."""
    await asyncio.to_thread(_load)


def _load() -> None:
    # gRPC's C core writes to file descriptor 2 past everything of Python's, and its errors say the same.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    for name in ("google", "grpc"):
        # Without a handler Python prints their warnings to a terminal that a screen is drawn on.
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
    for module in _MODULES:
        importlib.import_module(module)
