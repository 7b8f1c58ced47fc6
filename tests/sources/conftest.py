"""What the tests of the sources start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sources.local import Cloud, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    """A local Cloud Run that answers while the test runs."""
    async with serving() as running:
        yield running
