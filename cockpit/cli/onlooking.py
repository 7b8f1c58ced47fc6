"""The settings of a cockpit that only looks on: in a browser's page, for a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from cockpit.config import Settings


def onlooker(settings: Settings, *, read_only: bool = True) -> Settings:
    """These settings, but never armed, nothing recorded or remembered, no bell, and no port opened."""
    exporter = replace(settings.metrics.exporter, port=-1)
    return replace(
        settings,
        safety=replace(settings.safety, read_only=read_only or settings.safety.read_only),
        recording=replace(settings.recording, wanted=False),
        layout=replace(settings.layout, remember=False),
        metrics=replace(settings.metrics, exporter=exporter, notify="none"),
    )
