"""What the tests of the live room start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.live.clocks import FakeClock
from tests.live.local import Place, place

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Place]:
    """A local Cloud Run that enforces etags and shifts at once."""
    async with place(tmp_path) as running:
        yield running


@pytest.fixture
def fake() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()
