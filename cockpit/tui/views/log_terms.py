"""A field of an entry as the filter says it: `status=500`, `revision="…"`, a phrase of the text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cockpit.logs.query.fields import FIELDS, OTHERWISE
from cockpit.logs.query.nodes import Form, Level, Moment, Name, Status, Text, Trace, in_seconds
from cockpit.logs.request import path_of
from cockpit.logs.rowtext import TRACE_DIGITS
from cockpit.text import clean

if TYPE_CHECKING:
    from cockpit.logs.entry import Row
    from cockpit.tui.views.log_entry import Path

_LONGEST_PHRASE = 200


def term(path: Path, value: object, row: Row) -> str:
    """What finds entries with the same value at this path, as the store understood it of `row`.

    "" where the query language has no word for it, and where it could not be typed.
    """
    words = ".".join(str(step) for step in path).lower()
    name = OTHERWISE.get(words, words if words in FIELDS else "")
    said = _field(name, row) or (_phrase(value, row) if isinstance(value, str) else "")
    return said if clean(said) == said else ""


def beside(words: str, more: str) -> str:
    """A query for what both find."""
    words = words.strip()
    if not words:
        return more
    return f"({words}) {more}" if " or " in words.lower() else f"{words} {more}"


def _field(name: str, row: Row) -> str:
    match name:
        case "severity":
            return str(Level("=", row.severity))
        case "revision" | "instance" | "log" | "method" | "agent":
            said = getattr(row, name)
            return str(Name(name, "=", said)) if said else ""
        case "path":
            path = path_of(row.text).partition("?")[0] if row.is_request else ""
            return str(Name("path", ":", path)) if path else ""
        case "status":
            return str(Status("=", row.status, row.status)) if row.status else ""
        case "latency":
            return "" if math.isnan(row.latency) else f"latency>={in_seconds(round(row.latency, 6))}"
        case "trace":
            return str(Trace(f"{row.trace:0{TRACE_DIGITS}x}")) if row.trace else ""
        case "after":
            return str(Moment("after", row.time))
    return ""


def _phrase(value: str, row: Row) -> str:
    """A text that stands in the entry's own is found as a phrase."""
    is_short = 0 < len(value.strip()) <= _LONGEST_PHRASE and "\n" not in value
    return str(Text(value, Form.PHRASE)) if is_short and value in row.text else ""
