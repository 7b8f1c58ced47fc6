"""Fixtures of the simulator's control plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.simulator.plane import Plane, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def plane() -> AsyncIterator[Plane]:
    """A small world behind a real port, with stock clients."""
    async with serving() as plane:
        yield plane
