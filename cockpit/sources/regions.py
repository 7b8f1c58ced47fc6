"""The services of several regions: Cloud Run lists one region at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.sources.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cockpit.release.service import Service
    from cockpit.sources.cloudrun import Releases

_AT_ONCE = 8


async def services_of(
    project: str, regions: Iterable[str], open_region: Callable[[str], Releases]
) -> dict[str, tuple[Service, ...] | SourceError]:
    """Every service by region, or why a region could not be read: one that fails hides none of the others.

    `open_region` gives the way to a region; it is closed again.
    """
    gate = asyncio.Semaphore(_AT_ONCE)

    async def listed(region: str) -> tuple[Service, ...] | SourceError:
        async with gate:
            releases = open_region(region)
            try:
                return await releases.services(project, region)
            except SourceError as error:
                return error
            finally:
                await releases.close()

    names = sorted(set(regions))
    return dict(zip(names, await asyncio.gather(*map(listed, names)), strict=True))
