"""Who is asked about which time, where several have looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.live.recording.reading import About


class Turn(NamedTuple):
    """One recording's part of a time (epoch seconds)."""

    about: About
    since: float
    until: float


def turns(recordings: Sequence[About], since: float, until: float) -> tuple[Turn, ...]:
    """The parts of a time that somebody looked at, each of one recording, oldest first.

    Of those that looked at a moment the one that went on longest is taken, and is kept until it ends.
    """
    parts = [
        Turn(about, max(begun, since), min(ended, until))
        for about in recordings
        for begun, ended in about.spans
        if begun <= until and ended >= since
    ]
    found: list[Turn] = []
    at = float("-inf")
    while left := [part for part in parts if part.until > at]:
        start = min(max(part.since, at) for part in left)
        longest = max((part for part in left if part.since <= start), key=lambda part: part.until)
        found.append(Turn(longest.about, start, longest.until))
        at = longest.until
    return tuple(found)
