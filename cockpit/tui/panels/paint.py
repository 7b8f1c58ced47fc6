"""Grafana's colours as roles of a theme: what they mean where they mean something, else the next in hue."""

from __future__ import annotations

import colorsys
import re
from functools import lru_cache

_SHADES = ("super-light-", "semi-dark-", "light-", "dark-")
_STATES = {"green": "good", "red": "bad", "yellow": "warn", "orange": "warn"}
_HUES = {"blue": "revision-1", "purple": "revision-4"}
_SERIES = {**_HUES, **_STATES, "orange": "revision-2"}
"""A line that is orange beside one that is yellow is another one."""

_HEX = re.compile(r"#([0-9a-fA-F]{6})(?:[0-9a-fA-F]{2})?|#([0-9a-fA-F]{3})[0-9a-fA-F]?")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})")
_GREY = 0.2
"""A saturation below is no colour."""
_WHEEL = (
    (20, "red"),
    (48, "orange"),
    (70, "yellow"),
    (170, "green"),
    (265, "blue"),
    (335, "purple"),
    (361, "red"),
)


@lru_cache(512)
def state_role(colour: str) -> str:
    """The role of a threshold's or a mapping's colour: green is good, yellow and orange warn, red is bad."""
    return {**_HUES, **_STATES}.get(_family(colour), "")


@lru_cache(512)
def series_role(colour: str) -> str:
    """The role of a line that was given a colour; "" where it has none that a theme could show."""
    return _SERIES.get(_family(colour), "")


def _family(colour: str) -> str:
    """The hue of a name of Grafana's palette, or of a colour as CSS writes it."""
    name = colour.strip().lower()
    for shade in _SHADES:
        name = name.removeprefix(shade)
    parts = _parts(name)
    if parts is None:
        return name
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in parts))
    return "" if saturation < _GREY else next(family for end, family in _WHEEL if hue * 360 < end)


def _parts(name: str) -> tuple[int, ...] | None:
    """Red, green and blue from 0 to 255; None for what is no such colour."""
    if found := _HEX.fullmatch(name):
        digits = found[1] or "".join(2 * each for each in found[2])
        return tuple(bytes.fromhex(digits))
    if found := _RGB.match(name):
        return tuple(min(255, int(each)) for each in found.groups())
    return None
