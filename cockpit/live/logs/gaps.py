"""What is missing of a log, as a row in its place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.logs.entry import Flag, Record, Severity
from cockpit.sources.tail import Why

if TYPE_CHECKING:
    from cockpit.sources.tail import Missing

_LEFT_OUT = {
    Why.RATE_LIMIT: "rate limit, more came than it streams in a minute",
    Why.NOT_CONSUMED: "not read fast enough",
    Why.UNKNOWN: "it does not say why",
}


def gap(missing: Missing) -> Record:
    """The row that says that entries are missing, how many at least, and why."""
    if missing.why is Why.TOO_MANY:
        since = f" since {_clock(missing.since)}" if missing.since is not None else ""
        return _row(missing.at, f"entries{since} are missing: while the stream was lost more came than are listed")
    entries = f"{missing.count:,} entries" if missing.count != 1 else "1 entry"
    return _row(missing.at, f"at least {entries} left out by Cloud Logging: {_LEFT_OUT[missing.why]}")


def filtered(before: int, by: str) -> Record:
    """The row that says that what is older was asked for by a filter alone."""
    return _row(before, f"of what is older, only that was asked for at first which matches {by}")


def _row(at: int, text: str) -> Record:
    return Record(at, text, Severity.WARNING, Flag.GAP)


def _clock(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment / 1e9, UTC):%H:%M:%S} UTC"
