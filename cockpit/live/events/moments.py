"""Moments of snapshots and of the API on the one axis, epoch seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Service


def stamp(moment: datetime | None, otherwise: float) -> float:
    """What the API says, or else when it was seen."""
    return otherwise if moment is None else moment.timestamp()


def millis(at: float) -> int:
    """A moment as keys have it: two who read the same time stamp write the same."""
    return round(at * 1000)


def written(service: Service) -> str:
    """Names one write of a service: its generation, and when the service was made, which begins them anew."""
    return f"{millis(stamp(service.created, 0.0))}/{service.generation}"


def read_at(snapshot: Snapshot) -> float:
    """When rules and signals were last read, as their samples are stamped."""
    metrics = snapshot.metrics
    if metrics is None or metrics.read_at is None:
        return snapshot.time
    return (snapshot.epoch if metrics.epoch is None else metrics.epoch) + metrics.read_at
