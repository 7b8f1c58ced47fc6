"""Times of the past as people read them, and what to say of one at which nobody looked. Epoch seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def local(at: float) -> datetime:
    """A moment in the time zone of the user."""
    return datetime.fromtimestamp(at, UTC).astimezone()


def moment(at: float, now: float) -> str:
    """A moment in the time zone of the user: the time of the day, with the date where that is not today."""
    then, today = local(at), local(now)
    return f"{then:%H:%M:%S}" if then.date() == today.date() else f"{then:%Y-%m-%d %H:%M:%S}"


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
