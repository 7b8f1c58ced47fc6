"""Numbers as Go prints them, and the forms that Prometheus gives them for people."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal

from cockpit.metrics.rules.durations import seconds_of
from cockpit.metrics.rules.templates.syntax import TemplateError

_LARGE, _SMALL, _BINARY = "kMGTPEZY", "munpfazy", "KMGTPEZY"


def number(value: object) -> float:
    """A number, or the number a text stands for. Raises TemplateError."""
    try:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        raise TemplateError(f"{value!r} is not a number") from None


def written(value: float) -> str:
    """A float as Go's `%v` has it: the fewest digits that tell it apart, an exponent below 1e-4 and from 1e21."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    text = repr(value)
    if "e" in text and 1 <= abs(value) < 1e21:
        text = f"{Decimal(text):f}"
    return text.removesuffix(".0")


def brief(value: float) -> str:
    """Four digits, Go's `%.4g`."""
    return f"{value:.4g}" if math.isfinite(value) else written(value)


def humanize(value: object) -> str:
    """With a metric prefix: 1234567 is "1.235M", 0.0123 "12.3m"."""
    plain = number(value)
    if plain == 0 or not math.isfinite(plain):
        return brief(plain)
    prefix = ""
    if abs(plain) >= 1:
        for each in _LARGE:
            if abs(plain) < 1000:
                break
            prefix, plain = each, plain / 1000
        return f"{brief(plain)}{prefix}"
    return _small(plain)


def humanize1024(value: object) -> str:
    """With a binary prefix: 1536 is "1.5ki"."""
    plain = number(value)
    if abs(plain) <= 1 or not math.isfinite(plain):
        return brief(plain)
    prefix = ""
    for each in _BINARY:
        if abs(plain) < 1024:
            break
        prefix, plain = f"{each.replace('K', 'k')}i", plain / 1024
    return f"{brief(plain)}{prefix}"


def humanize_duration(value: object) -> str:
    """Seconds as "1d 2h 3m 4s"; below a minute as "12.5s", below a second as "12.5ms"."""
    seconds = number(value)
    if not math.isfinite(seconds):
        return brief(seconds)
    if 0 < abs(seconds) < 1:
        return f"{_small(seconds)}s"
    sign, whole = "-" if seconds < 0 else "", int(abs(seconds))
    if whole < 60:
        return f"{sign}{brief(abs(seconds))}s"
    parts = zip((whole // 86400, whole // 3600 % 24, whole // 60 % 60, whole % 60), "dhms", strict=True)
    shown = [f"{count}{unit}" for count, unit in parts]
    first = next(at for at, part in enumerate(shown) if not part.startswith("0"))
    return sign + " ".join(shown[first:])


def humanize_percentage(value: object) -> str:
    """A ratio in percent: 0.1234 is "12.34%"."""
    return f"{brief(number(value) * 100)}%"


def humanize_timestamp(value: object) -> str:
    """Seconds since the epoch as "2026-11-21 12:40:20 +0000 UTC"."""
    seconds = number(value)
    if not math.isfinite(seconds):
        return brief(seconds)
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise TemplateError(f"{written(seconds)} is not a time") from None
    fraction = f"{moment:%f}".rstrip("0")
    return f"{moment:%Y-%m-%d %H:%M:%S}{'.' if fraction else ''}{fraction} +0000 UTC"


def parse_duration(value: object) -> float:
    """The seconds of a duration like "5m"."""
    try:
        return seconds_of(str(value))
    except ValueError as error:
        raise TemplateError(str(error)) from None


def _small(value: float) -> str:
    prefix = ""
    for each in _SMALL:
        if abs(value) >= 1:
            break
        prefix, value = each, value * 1000
    return f"{brief(value)}{prefix}"
