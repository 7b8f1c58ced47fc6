"""How the values of a variable are written into a text: `${name:csv}` and its kin, and what PromQL wants.

https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from cockpit.metrics.dashboards.units.spans import moment_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.metrics.dashboards.model import Option

    Format = Callable[[str, Sequence[Option], Sequence[str]], str]

_META = re.compile(r"[\\^$*+?.()|\[\]{}/]")
_OF_RE2 = re.compile(r"[\\^$*+?.()|\[\]{}]")
_LUCENE = re.compile(r'([!*+\-=<>\s&|()\[\]{}^~?:\\/"])')


def written(name: str, options: Sequence[Option], form: str) -> str:
    """The values in a named format, with its arguments behind colons; an unknown one is that of glob."""
    kind, *arguments = form.split(":")
    return _FORMATS.get(kind, _glob)(name, options, arguments)


def as_text(options: Sequence[Option]) -> str:
    """What people read: "one + two"."""
    return " + ".join(option.text for option in options)


def as_pattern(options: Sequence[Option]) -> str:
    """A regular expression of RE2 that matches exactly these values."""
    escaped = [_OF_RE2.sub(r"\\\g<0>", option.value) for option in options]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


def in_string(text: str, mark: str) -> str:
    """A text inside a string of PromQL that this mark opened; between backticks nothing is escaped."""
    return text if mark == "`" else text.replace("\\", "\\\\").replace(mark, f"\\{mark}").replace("\n", "\\n")


def _joined(separator: str) -> Format:
    return lambda _name, options, _arguments: separator.join(option.value for option in options)


def _join(_name: str, options: Sequence[Option], arguments: Sequence[str]) -> str:
    return (arguments[0] if arguments else ",").join(option.value for option in options)


def _glob(_name: str, options: Sequence[Option], _arguments: Sequence[str]) -> str:
    inside = ",".join(option.value for option in options)
    return f"{{{inside}}}" if len(options) > 1 else inside


def _regex(_name: str, options: Sequence[Option], _arguments: Sequence[str]) -> str:
    escaped = [_META.sub(r"\\\g<0>", option.value) for option in options]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


def _json(_name: str, options: Sequence[Option], _arguments: Sequence[str]) -> str:
    return options[0].value if len(options) == 1 else json.dumps([option.value for option in options])


def _quoted(mark: str, escaped: str) -> Format:
    return lambda _name, options, _arguments: ",".join(
        f"{mark}{option.value.replace(mark, escaped)}{mark}" for option in options
    )


def _lucene(_name: str, options: Sequence[Option], _arguments: Sequence[str]) -> str:
    escaped = [_LUCENE.sub(r"\\\1", option.value) for option in options]
    return escaped[0] if len(escaped) == 1 else "(" + " OR ".join(f'"{value}"' for value in escaped) + ")"


def _distributed(name: str, options: Sequence[Option], _arguments: Sequence[str]) -> str:
    return f",{name}=".join(option.value for option in options)


def _percent(_name: str, options: Sequence[Option], _arguments: Sequence[str]) -> str:
    return quote(_glob(_name, options, ()), safe="-_.~")


def _parameters(name: str, options: Sequence[Option], _arguments: Sequence[str]) -> str:
    return "&".join(f"var-{name}={quote(option.value, safe='-_.~')}" for option in options)


def _date(_name: str, options: Sequence[Option], arguments: Sequence[str]) -> str:
    """Epoch milliseconds as a date: ISO, `seconds`, or a format of moment.js."""
    text = options[0].value if options else ""
    if not text.isascii() or not text.isdigit() or len(text) > 14:
        return "NaN"
    form = ":".join(arguments)
    if form == "seconds":
        return str(round(int(text) / 1000))
    at = datetime.fromtimestamp(int(text) / 1000, UTC)
    return (
        at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if form in ("", "iso")
        else moment_text(at, form)
    )


_FORMATS: dict[str, Format] = {
    "raw": _joined(","),
    "csv": _joined(","),
    "pipe": _joined("|"),
    "join": _join,
    "glob": _glob,
    "regex": _regex,
    "json": _json,
    "lucene": _lucene,
    "distributed": _distributed,
    "singlequote": _quoted("'", "\\'"),
    "doublequote": _quoted('"', '\\"'),
    "sqlstring": _quoted("'", "''"),
    "percentencode": _percent,
    "queryparam": _parameters,
    "html": lambda _name, options, _arguments: escape(", ".join(option.value for option in options)),
    "text": lambda _name, options, _arguments: as_text(options),
    "date": _date,
}
