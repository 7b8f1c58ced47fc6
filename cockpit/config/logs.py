"""Settings of the logs."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Times = Literal["local", "utc", "relative", "delta"]
"""How moments are written: the wall clock here, in UTC, how long ago, or how long after the line before."""


class LogsSettings(msgspec.Struct, frozen=True):
    """How much of the log is kept, and how it is read.

    `filter` is Cloud Logging's own language, put beside the service's filter. `components` are regular
    expressions: their first group names a component that announced itself in the log.
    """

    entries: Annotated[int, msgspec.Meta(ge=1_000, le=100_000_000)]
    memory_mib: Annotated[int, msgspec.Meta(ge=16, le=65_536)]
    backfill_minutes: Annotated[float, msgspec.Meta(gt=0, le=1440)]
    backfill_entries: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    filter: str
    time: Times
    components: tuple[str, ...]

    @property
    def memory(self) -> int:
        """How many bytes the entries may take."""
        return self.memory_mib << 20
