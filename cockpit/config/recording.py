"""Settings of recordings."""

from __future__ import annotations

from typing import Annotated

import msgspec


class RecordingSettings(msgspec.Struct, frozen=True):
    """Whether sessions are recorded, where ("" for the platform's place), and how much is kept.

    `size_mib` and `age_days` bound all recordings of the folder together, the oldest go first.
    """

    wanted: bool
    folder: str
    size_mib: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    age_days: Annotated[float, msgspec.Meta(gt=0, le=3650)]
