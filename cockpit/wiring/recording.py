"""Settings → what records a session. Loads nothing: what it needs comes in a thread, once there is something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.recording.bounds import Bounds
from cockpit.live.recording.keeping import Keeping
from cockpit.live.recording.recorder import Recorder

if TYPE_CHECKING:
    from cockpit.config import Settings
    from cockpit.live.clock import Clock
    from cockpit.release.service import ServiceRef

MEBIBYTE = 1 << 20
_DAY = 86_400.0

IN_MEMORY = Bounds(size=64 * MEBIBYTE, age=3600.0)
"""What can be gone back to where nothing is recorded on the disk."""


def keeping(settings: Settings, clock: Clock, ref: ServiceRef) -> Keeping:
    """What records a session on one service; nothing is on the disk yet, and where it is not wanted never."""
    recording = settings.recording
    folder = settings.recordings_folder if recording.wanted else None
    bounds = Bounds(recording.size_mib * MEBIBYTE, recording.age_days * _DAY) if recording.wanted else IN_MEMORY
    about = {
        "project": ref.project,
        "region": ref.region,
        "service": ref.service,
        "engine": settings.metrics.engine,
    }
    return Keeping(ref, Recorder(folder, about, bounds, clock.time), folder, clock)
