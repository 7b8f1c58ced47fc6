"""Where loggers of many languages put the time, the level and the message in a JSON object."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from cockpit.logs.entry import Severity
from cockpit.logs.moment import SECOND, counted, moment
from cockpit.logs.names import MOST_NAME
from cockpit.logs.severity import named, syslog, tens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Fields = Mapping[str, object]

MESSAGES = (
    *("message", "msg", "text", "log", "short_message", "event", "@message", "@m", "@mt", "@msg"),
    *("textPayload", "body", "error", "err"),
)
"""Where the message may stand; the first that is a text is taken. The other tuples are read the same way."""

_STACKS = ("exc_info", "stack_trace", "exception", "stack", "stacktrace", "exc_text", "full_message", "@x")
_LEVELS = (
    *("severity", "level", "levelname", "lvl", "log.level", "@level", "@l"),
    *("loglevel", "log_level", "level_name"),
)
_TIMES = (
    *("time", "timestamp", "ts", "@timestamp", "asctime", "datetime", "@t"),
    *("date", "t", "timeMillis", "created"),
)
_TRACES = ("logging.googleapis.com/trace", "trace", "trace_id", "traceId", "trace.id")

_encode = msgspec.json.Encoder().encode


def message_in(fields: Fields) -> str | None:
    """What is said, with the stack that stands in a field of its own beneath it; None where nothing is."""
    said = first_text(fields, MESSAGES)
    if said is None and isinstance(nested := _deeper(fields, ("err", "error")), dict):
        said = first_text(nested, MESSAGES)
    stack = first_text(fields, _STACKS)
    if stack is None and isinstance(nested := _deeper(fields, ("err", "error", "exception")), dict):
        stack = first_text(nested, _STACKS)
    if stack is None or "\n" not in stack or (said is not None and stack in said):
        return said
    return f"{said}\n{stack}" if said else stack


def level_in(fields: Fields) -> Severity | None:
    """The level, by name or number, None where there is none, or one that nobody knows."""
    level = _level_at(fields)
    if level is None and isinstance(nested := fields.get("log"), dict):
        level = _level_at(nested)
    return level


def _level_at(fields: Fields) -> Severity | None:
    for key in _LEVELS:
        value = fields.get(key)
        level = None
        if isinstance(value, str):
            level = named(value) or (_numbered(fields, key, int(value)) if _is_small(value) else None)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            level = _numbered(fields, key, value)
        if level is not None:
            return level
    number = fields.get("levelno")  # Python's levels have no trace below them
    return tens(number + 10 if number >= 20 else number) if isinstance(number, int) else None


def _is_small(number: str) -> bool:
    return number.isdecimal() and len(number) < 4


def time_in(fields: Fields) -> int | None:
    """The moment, None where there is none that can be understood."""
    for key in _TIMES:
        value = fields.get(key)
        if value is None:
            continue
        try:
            return time_of(value)
        except (ValueError, OverflowError):
            continue
    seconds = fields.get("timestampSeconds")
    return _whole(seconds, fields.get("timestampNanos")) if isinstance(seconds, int) else None


def time_of(value: object) -> int:
    """A moment in any of the forms that JSON has for it. Raises ValueError for what is none."""
    if isinstance(value, str):
        if value[:1].isdecimal() and value.replace(".", "", 1).isdecimal() and len(value) < 40:
            return counted(float(value) if "." in value else int(value))
        return moment(value.strip())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return counted(value)
    if isinstance(value, dict) and isinstance(value.get("seconds"), int):
        return _whole(value["seconds"], value.get("nanos"))
    raise ValueError("no time")


def trace_in(fields: Fields) -> str:
    """The trace's hexadecimal name, "" where there is none."""
    return trace_of(first_text(fields, _TRACES) or "")


def trace_of(name: str) -> str:
    """The digits of "projects/P/traces/DIGITS", or of a bare name; "" for what cannot be one."""
    digits = name[name.rfind("/") + 1 :]
    return digits if digits.isalnum() and len(digits) <= MOST_NAME else ""


@lru_cache(maxsize=1 << 10)
def short_log(name: str) -> str:
    """ "stderr" for "projects/P/logs/run.googleapis.com%2Fstderr", and the whole id of other logs, unquoted."""
    from urllib.parse import unquote

    return unquote(name.rpartition("/logs/")[2]).removeprefix("run.googleapis.com/")[:MOST_NAME]


def first_text(fields: Fields, keys: Iterable[str]) -> str | None:
    """The first of these fields that is a text, and not an empty one."""
    return next((value for key in keys if isinstance(value := fields.get(key), str) and value), None)


def compact(value: object) -> str:
    """The JSON of what has no message, on one line. Raises RecursionError for what nests too deeply."""
    try:
        return _encode(value).decode()
    except ValueError:  # a surrogate alone
        return str(value)


def _deeper(fields: Fields, keys: Iterable[str]) -> object:
    return next((value for key in keys if isinstance(value := fields.get(key), dict)), None)


def _numbered(fields: Fields, key: str, number: float) -> Severity | None:
    if not 0 <= number <= 800:
        return None
    if number >= 100 and key == "severity":
        return Severity(int(number) // 100)
    if number < 8 and "short_message" in fields:
        return syslog(int(number))
    return tens(number)


def _whole(seconds: int, nanos: object) -> int:
    return seconds * SECOND + (nanos if isinstance(nanos, int) else 0)
