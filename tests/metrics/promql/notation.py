"""How Prometheus' test scripts write series: `name{label="value"} 1 2+3x2 _ stale`."""

from __future__ import annotations

import re
from enum import Enum

from cockpit.metrics.labels import NAME, Labels, labels_of
from cockpit.metrics.series import STALE


class Gap(Enum):
    """What stands where a number could."""

    OMITTED = "_"
    NATIVE = "{{…}}"


Point = float | Gap

_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "y": 31_536_000_000}
_DURATION = re.compile(r"(\d+)(ms|[smhdwy])")
_NUMBER = r"[+-]?(?:inf|nan|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)"
_QUOTED = r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'" + r"|`[^`]*`"
_HEAD = re.compile(rf"([^\s{{]*)(?:\{{((?:[^}}\"'`]|{_QUOTED})*)\}})?")
_LABEL = re.compile(rf"\s*({_QUOTED}|[^\s=,]+)\s*(?:=\s*({_QUOTED}))?\s*(?:,|$)")
_ITEM = re.compile(r"\{\{.*?\}\}(?:[+-]\{\{.*?\}\})?(?:x\d+)?|\S+")
_RUN = re.compile(rf"({_NUMBER})(?:([+-](?:inf|nan|[\d.]+(?:e[+-]?\d+)?))?x(\d+))?", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def duration(text: str) -> int:
    """Milliseconds of `1h30m`. Raises ValueError."""
    parts = _DURATION.findall(text)
    if text != "0" and "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"{text!r} is no duration")
    return sum(int(number) * _UNITS[unit] for number, unit in parts)


def number(text: str) -> float | None:
    """A number that stands by itself, None for anything else."""
    if re.fullmatch(_NUMBER, text, re.IGNORECASE):
        return float(text)
    return float(int(text, 16)) if re.fullmatch(r"0x[0-9a-fA-F]+", text) else None


def unquoted(text: str) -> str:
    """What a quoted string says."""
    inside = text[1:-1]
    if text[0] == "`":
        return inside
    return _ESCAPE.sub(lambda found: _unescaped(found[1]), inside)


def series(text: str) -> tuple[Labels, tuple[Point, ...]]:
    """A label set and its points. Raises ValueError."""
    head = _HEAD.match(text)
    assert head is not None  # its parts may all be empty
    labels = _labels(head[1], head[2] or "")
    points = [point for item in _ITEM.findall(text[head.end() :]) for point in _points(item)]
    return labels, tuple(points)


def _labels(metric: str, inside: str) -> Labels:
    pairs = {NAME: metric}
    for name, value in _LABEL.findall(inside):
        key = unquoted(name) if name[0] in "\"'`" else name
        if value:
            pairs[key] = unquoted(value)
        else:
            pairs[NAME] = key
    return labels_of(pairs)


def _points(item: str) -> list[Point]:
    if item.startswith("{{"):
        times = re.search(r"x(\d+)$", item)
        return [Gap.NATIVE] * (int(times[1]) + 1 if times else 1)
    if item.startswith("_"):
        return [Gap.OMITTED] * int(item.removeprefix("_").removeprefix("x") or 1)
    if item == "stale":
        return [STALE]
    run = _RUN.fullmatch(item)
    if run is None:
        raise ValueError(f"{item!r} is no point of a series")
    first, change, times_more = float(run[1]), float(run[2] or 0), int(run[3] or 0)
    return [first + change * place for place in range(times_more + 1)]


def _unescaped(escape: str) -> str:
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    return _PLAIN_ESCAPES.get(escape, escape)
