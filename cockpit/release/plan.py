"""A change to a service's traffic, before it is made: from one exact split to another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.release.service import ServiceRef
    from cockpit.release.traffic import Split


class Intent(Enum):
    """Why a change is made."""

    SHIFT = "shift"
    PROMOTE = "promote"
    ROLLBACK = "rollback"
    UNDO = "undo"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Plan:
    """From `before`, read at `generation` with `etag`, to `after`. Both are exact target lists."""

    ref: ServiceRef
    intent: Intent
    before: Split
    after: Split
    generation: int
    etag: str
    latest_ready: str = ""
