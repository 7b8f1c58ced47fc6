"""What Cloud Logging itself can evaluate of a query, in its own language.

Its entries are not quite our rows: a level may stand in the text alone, several entries may become one traceback,
and a text is made of several fields. So each part of a query is pushed as two filters, one that lets through all
that the part would (`most`) and one that lets through nothing else (`least`); a negation swaps them.

The language: https://cloud.google.com/logging/docs/view/logging-query-language. NOT binds before OR, and OR before
AND, so that everything composed stands in parentheses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import quote

from cockpit.logs.entry import Severity
from cockpit.logs.moment import rfc3339
from cockpit.logs.query.nodes import (
    And,
    Form,
    Latency,
    Level,
    Moment,
    Name,
    Not,
    Or,
    Status,
    Text,
    Trace,
    in_seconds,
)
from cockpit.logs.rowtext import TRACE_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.logs.query.nodes import Node, Query

LONGEST = 19_000
"""Characters; Cloud Logging takes 20,000, and some are needed for the service."""

_FIELDS = {
    "revision": "resource.labels.revision_name",
    "instance": "labels.instanceId",
    "method": "httpRequest.requestMethod",
    "agent": "httpRequest.userAgent",
    "path": "httpRequest.requestUrl",
}
_LOGS = ("stdout", "stderr", "requests", "varlog/system")
"""Cloud Run's logs, whose whole names are known."""
_PIECE = re.compile(r"[A-Za-z0-9_./%@=&?+~#-]*[A-Za-z0-9][A-Za-z0-9_./%@=&?+~#-]*")
"""Parts of a text that one field of the entry has as they are: no JSON, and no colours, stand between."""
_COMPOSED = ("(jsonPayload:* AND NOT jsonPayload.message:*)", "protoPayload:*")
"""Entries whose text is put together from names and values."""
_PERHAPS_LINES = "severity=DEFAULT"
"""Entries that may be lines of a traceback, which has all the words while each line has some."""

_Filter: TypeAlias = str | bool
"""A filter, or whether everything passes."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """A filter in the Logging query language that lets through all that a query would, and maybe more.

    `text` is "" where nothing can be said; `exact` is whether it lets nothing else through.
    """

    text: str
    exact: bool


class _Bounds(NamedTuple):
    most: _Filter
    least: _Filter


def pushdown(query: Query, *, whole: bool = True) -> Pushed:
    """The filter for a query on the log of a Cloud Run service.

    With `whole`, words do not keep back lines that may belong to a traceback; without it they do, and a traceback
    comes as those of its lines that have the words.
    """
    if query.node is None:
        return Pushed("", exact=True)
    most, least = _Pushing(whole).bounds(query.node)
    if isinstance(most, bool) or len(most) > LONGEST:
        return Pushed("", exact=False)
    return Pushed(most, exact=most == least)


class _Pushing:
    """How the nodes of one query are pushed."""

    def __init__(self, whole: bool) -> None:
        self._exempt = (_PERHAPS_LINES, *_COMPOSED) if whole else _COMPOSED

    def bounds(self, node: Node) -> _Bounds:
        match node:
            case Text():
                return self._worded(_pieces(node))
            case And() | Or() if (said := _words(node)) is not None:
                return self._worded(said)
            case And(parts):
                words = tuple(part for part in parts if _words(part) is not None)
                found = [self.bounds(part) for part in parts if part not in words]
                found += [self.bounds(And(words))] if words else []
                return _Bounds(_all(each.most for each in found), _all(each.least for each in found))
            case Or(parts):
                found = [self.bounds(part) for part in parts]
                return _Bounds(_any(each.most for each in found), _any(each.least for each in found))
            case Not(part):
                return _negated(self.bounds(part))
            case Name():
                return self._name(node)
            case Level(op, severity):
                return _level(op, severity)
            case Status():
                return _status(node)
            case Latency():
                return _latency(node)
            case Trace(digits):
                return _Bounds(f'trace:"{digits[:TRACE_DIGITS]}"', least=False)
            case Moment(side, at):
                return _exactly(f'timestamp{"<" if side == "before" else ">="}"{rfc3339(at)}"')

    def _worded(self, said: _Filter) -> _Bounds:
        return _Bounds(_any((said, *self._exempt)), least=False)

    def _name(self, node: Name) -> _Bounds:
        if node.op == "!=":
            most, least = _negated(self._name(Name(node.field, "=", node.value)))
            named = f"{_FIELDS.get(node.field, 'logName')}:*"
            maybe = "httpRequest:*" if named.startswith("httpRequest") else named
            return _Bounds(_all((maybe, most)), _all((named, least)))
        if node.field == "log":
            return _Bounds(_has("logName", quote(node.value, safe="*")), _known_logs(node))
        found = _has(_FIELDS[node.field], node.value)
        if node.field == "path" or "*" in node.value or not node.value.isascii():
            return _Bounds(found, least=False)
        return _exactly(f"{_FIELDS[node.field]}={_string(node.value)}" if node.op == "=" else found)


def _known_logs(node: Name) -> _Filter:
    value = node.value.lower()
    known = [log for log in _LOGS if (value == log if node.op == "=" else value in log)]
    return _any(f'log_id("run.googleapis.com/{log}")' for log in known)


def _words(node: Node) -> _Filter | None:
    """That the words of a node stand somewhere; None where it asks for anything but texts."""
    match node:
        case Text():
            return _pieces(node)
        case And(parts) | Or(parts):
            found = [_words(part) for part in parts]
            said = [each for each in found if each is not None]
            if len(said) < len(found):
                return None
            return _all(said) if isinstance(node, And) else _any(said)
    return None


def _pieces(text: Text) -> _Filter:
    if text.form is Form.REGEX:
        return True
    return _all(_string(piece) for piece in _PIECE.findall(text.pattern))


def _level(op: str, severity: Severity) -> _Bounds:
    """An entry without a severity may have one in its text."""
    said, unsaid = f"severity{op}{severity.name}", "severity=DEFAULT"
    if op == "!=" and severity is Severity.DEFAULT:
        return _Bounds(most=True, least=f"NOT {unsaid}")
    if op in (">", ">=", "="):
        if severity is Severity.DEFAULT:
            return _Bounds(said if op == "=" else True, least=op == ">=")
        return _Bounds(_any((said, unsaid)), said)
    return _Bounds(said, _all((said, f"NOT {unsaid}")))


def _status(node: Status) -> _Bounds:
    field = "httpRequest.status"
    if node.op in (">", ">=") and node.low > 0:
        return _exactly(f"{field}{node.op}{node.low}")
    if node.op in ("=", "!="):
        inside = f"{field}={node.low}"
        if node.low < node.high:
            inside = f"({field}>={node.low} AND {field}<={node.high})"
        return _exactly(inside if node.op == "=" else f"({field}>=1 AND NOT {inside})")
    return _exactly(f"({field}>=1 AND {field}{node.op}{node.low})")


def _latency(node: Latency) -> _Bounds:
    """What is no request has no latency; whether that is less than a second, the other side may see otherwise."""
    if not node.seconds:
        return _Bounds("httpRequest:*", least=False)
    said = f'httpRequest.latency{node.op}"{in_seconds(node.seconds)}"'
    return _exactly(said) if node.op in (">", ">=") else _Bounds(said, least=False)


def _has(field: str, value: str) -> _Filter:
    """That a field has every part of a value which compares everywhere alike."""
    pieces = [piece for part in value.split("*") for piece in re.split(r"[^\x20-\x7e]+", part) if piece]
    return _all(f"{field}:{_string(piece)}" for piece in pieces)


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _exactly(said: _Filter) -> _Bounds:
    return _Bounds(said, said)


def _negated(bounds: _Bounds) -> _Bounds:
    return _Bounds(_none(bounds.least), _none(bounds.most))


def _none(said: _Filter) -> _Filter:
    if isinstance(said, bool):
        return not said
    return said.removeprefix("NOT ") if said.startswith("NOT ") else f"NOT {said}"


def _all(parts: Iterable[_Filter]) -> _Filter:
    found = list(parts)
    if False in found:
        return False
    return _joined(" AND ", [part for part in found if isinstance(part, str)]) or True


def _any(parts: Iterable[_Filter]) -> _Filter:
    found = list(parts)
    if True in found:
        return True
    return _joined(" OR ", [part for part in found if isinstance(part, str)]) or False


def _joined(word: str, parts: list[str]) -> str:
    return f"({word.join(parts)})" if len(parts) > 1 else "".join(parts)
