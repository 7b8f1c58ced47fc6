"""What is said of the moment that is shown, where that is not the present."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.live.past_times import local, moment
from cockpit.text import age, clean
from cockpit.tui.lines import Span

if TYPE_CHECKING:
    from cockpit.tui.lines import Spans

HELD = "║"
RUNS = "▸"


@dataclass(frozen=True, slots=True)
class Looking:
    """Which moment is shown in place of the present (epoch seconds), `now`, and how many events came since.

    `armed` is for how many seconds changes are possible once it is left: arming runs on in the present.
    """

    at: float
    now: float
    news: int = 0
    armed: float = 0.0


@dataclass(frozen=True, slots=True)
class Playing:
    """Where the replay of a recording stands: `speed` times as fast as it was, or held. `name` is the file's.

    `read` is the part of it that is at hand, 0 to 1; `ended` is whether the last moment is shown; `damage` says
    what is missing of the file.
    """

    name: str
    at: float
    speed: float
    runs: bool
    ended: bool = False
    read: float = 1.0
    damage: str = ""


def standing(looking: Looking | Playing, *, brief: bool = False) -> Spans:
    """The moment that is shown, shape first, for the place of what is live: "║ FROZEN 14:05:10 (−12m)".

    Where there is room for it, and not `brief`, what else is to be known stands behind it.
    """
    if isinstance(looking, Playing):
        return _playing(looking, brief=brief)
    behind = age(max(0.0, looking.now - looking.at))
    spans: Spans = (Span(f" {HELD} FROZEN {moment(looking.at, looking.now)} (−{behind}) ", "warn reverse bold"),)
    if looking.news and not brief:
        spans += (Span(f" live goes on: {looking.news:,} event{'s' * (looking.news > 1)}", "muted"),)
    return spans


def reason(looking: Looking | Playing, back_key: str) -> str:
    """Why nothing can be changed."""
    if isinstance(looking, Playing):
        return f"this is a recording, of {local(looking.at):%Y-%m-%d %H:%M:%S}"
    return f"you look at {moment(looking.at, looking.now)}; {back_key} leads back to now"


def _playing(playing: Playing, *, brief: bool) -> Spans:
    times = f" ×{playing.speed:g}" if playing.speed != 1 else ""
    mark = f"{RUNS} REPLAY{times}" if playing.runs else f"{HELD} REPLAY{' ended' if playing.ended else ''}"
    if brief:
        return (Span(f" {mark} {local(playing.at):%H:%M:%S} ", "accent reverse bold"),)
    spans: Spans = (Span(f" {mark} {local(playing.at):%Y-%m-%d %H:%M:%S} ", "accent reverse bold"),)
    if playing.read < 1:
        spans += (Span(f" {100 * playing.read:.0f} % read", "muted"),)
    damage = (Span(f" · {clean(playing.damage)}", "warn"),) if playing.damage else ()
    return (*spans, Span(f" {clean(playing.name)}", "muted"), *damage)
