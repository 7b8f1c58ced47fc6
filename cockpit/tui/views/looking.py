"""What is said of the moment that is shown, where that is not the present, and where nobody looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.text import age, clean
from cockpit.tui.lines import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.tui.lines import Spans

HELD = "║"
RUNS = "▸"


@dataclass(frozen=True, slots=True)
class Looking:
    """Which moment is shown in place of the present (epoch seconds), `now`, and how many events came `since`."""

    at: float
    now: float
    news: int = 0


@dataclass(frozen=True, slots=True)
class Playing:
    """Where the replay of a recording stands: `speed` times as fast as it was, or held. `name` is the file's.

    `read` is the part of it that is at hand, 0 to 1; `ended` is whether the last moment is shown.
    """

    name: str
    at: float
    speed: float
    runs: bool
    ended: bool = False
    read: float = 1.0


def moment(at: float, now: float) -> str:
    """A moment in the time zone of the user: the time of the day, with the date where that is not today."""
    then, today = _local(at), _local(now)
    return f"{then:%H:%M:%S}" if then.date() == today.date() else f"{then:%Y-%m-%d %H:%M:%S}"


def standing(looking: Looking | Playing) -> Spans:
    """The moment that is shown, shape first, for the place of what is live: "║ FROZEN 14:05:10 (−12m)"."""
    if isinstance(looking, Playing):
        return _playing(looking)
    behind = age(max(0.0, looking.now - looking.at))
    spans: Spans = (Span(f" {HELD} FROZEN {moment(looking.at, looking.now)} (−{behind}) ", "warn reverse bold"),)
    if looking.news:
        spans += (Span(f" live goes on: {looking.news:,} event{'s' * (looking.news > 1)}", "muted"),)
    return spans


def nobody_looked(spans: Sequence[tuple[float, float]], at: float, now: float) -> str:
    """Why there is nothing at a moment that is in none of the spans."""
    before = max((until for _, until in spans if until <= at), default=None)
    after = min((since for since, _ in spans if since > at), default=None)
    if before is None and after is None:
        return f"nobody looked at {moment(at, now)}: nothing is kept of it"
    if before is None:
        return f"nobody looked before {moment(after or at, now)}"
    if after is None:
        return f"nobody looked after {moment(before, now)}"
    return f"nobody looked from {moment(before, now)} to {moment(after, now)}"


def reason(looking: Looking | Playing, back_key: str) -> str:
    """Why nothing can be changed."""
    if isinstance(looking, Playing):
        return f"this is a recording, of {_local(looking.at):%Y-%m-%d %H:%M:%S}"
    return f"you look at {moment(looking.at, looking.now)}; {back_key} leads back to now"


def _playing(playing: Playing) -> Spans:
    times = f" ×{playing.speed:g}" if playing.speed != 1 else ""
    mark = f"{RUNS} REPLAY{times}" if playing.runs else f"{HELD} REPLAY{' ended' if playing.ended else ''}"
    spans: Spans = (Span(f" {mark} {_local(playing.at):%Y-%m-%d %H:%M:%S} ", "accent reverse bold"),)
    if playing.read < 1:
        spans += (Span(f" {100 * playing.read:.0f} % read", "muted"),)
    return (*spans, Span(f" {clean(playing.name)}", "muted"))


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone()
