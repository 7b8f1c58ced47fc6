"""[fleet]: which services are seen together."""

from __future__ import annotations

from typing import Annotated

import msgspec

Names = Annotated[tuple[Annotated[str, msgspec.Meta(min_length=1)], ...], msgspec.Meta(max_length=50)]


class FleetSettings(msgspec.Struct, frozen=True):
    """The projects, and the regions of each; none of either means the one under [service]."""

    projects: Names
    regions: Names
    interval_seconds: Annotated[float, msgspec.Meta(ge=5, le=3600)]

    def places(self, project: str, region: str) -> tuple[tuple[str, str], ...]:
        """Every project with every region, those of [service] in place of none."""
        projects = dict.fromkeys(self.projects or (project,))
        regions = dict.fromkeys(self.regions or (region,))
        return tuple((each, at) for each in projects for at in regions)
