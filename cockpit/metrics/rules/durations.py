"""Durations as Prometheus writes them: `5m`, `1h30m`, `250ms`."""

from __future__ import annotations

import re

_SECONDS = {"y": 365 * 86400.0, "w": 7 * 86400.0, "d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_DURATION = re.compile("".join(rf"(?:(?P<{unit}>[0-9]+){unit})?" for unit in _SECONDS))
_LONGEST = 2**63 / 1e9
"""Prometheus counts nanoseconds in 64 bits."""

HOW = "write it like 30s, 5m or 1h30m"


def seconds_of(text: str) -> float:
    """The seconds of a duration: units y, w, d, h, m, s, ms, each once and in this order, or "0".

    Raises ValueError, whose text is one line.
    """
    if text == "0":
        return 0.0
    found = _DURATION.fullmatch(text)
    if not text or not found:
        raise ValueError(f"{text!r} is not a duration")
    seconds = sum(float(count) * _SECONDS[unit] for unit, count in found.groupdict().items() if count)
    if seconds >= _LONGEST:
        raise ValueError(f"{text!r} is longer than 292 years")
    return seconds
