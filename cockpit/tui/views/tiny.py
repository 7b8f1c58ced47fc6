"""The split, the service, and why there is no more, in as few lines as there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.agreement import serving
from cockpit.release.state import short_name
from cockpit.text import clean
from cockpit.tui.lines import Line, Span

if TYPE_CHECKING:
    from textual.geometry import Size

    from cockpit.live.snapshot import Snapshot


def tiny(snapshot: Snapshot, screen: Size, height: int) -> list[Line]:
    """Three lines where they fit, else one."""
    service = snapshot.service
    shares = sorted(serving(service).items(), key=lambda share: -share[1]) if service else []
    split = " ".join(f"{clean(short_name(name, snapshot.ref.service))} {percent}" for name, percent in shares)
    said = [clean(snapshot.ref.service), split or "–", f"{screen.width}×{screen.height}: too small"]
    return [Line((Span(text),)) for text in (said if height >= len(said) else [" ".join(said)])]
