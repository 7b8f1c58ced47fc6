"""label_replace() and label_join()."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from cockpit.metrics.engine import QueryError
from cockpit.metrics.labels import labels_of, value_of
from cockpit.metrics.matchers import RegexError, anchored
from cockpit.metrics.promql.frames import Frame
from cockpit.metrics.promql.functions.kinds import InstantFunction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.functions.kinds import Argument, Context

_REFERENCE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\})")


def _label_replace(arguments: Sequence[Argument], context: Context) -> Frame:
    vector = cast("Frame", arguments[0])
    target, template, source, regex = cast("tuple[str, ...]", tuple(arguments[1:]))
    try:
        pattern = anchored(regex)
    except RegexError as error:
        raise QueryError(f"invalid regular expression in label_replace(): {error}", "evaluation") from None
    _check(target, "destination", "label_replace")
    pieces = _pieces(template, pattern)

    def replaced(labels: Labels) -> Labels:
        match = pattern.fullmatch(value_of(labels, source))
        if match is None:
            return labels
        return _with(labels, target, _expanded(pieces, match), "", context)

    return Frame(tuple(map(replaced, vector.labels)), vector.values, vector.present)


def _label_join(arguments: Sequence[Argument], context: Context) -> Frame:
    vector = cast("Frame", arguments[0])
    target, separator, *sources = cast("tuple[str, ...]", tuple(arguments[1:]))
    for source in sources:
        _check(source, "source", "label_join")
    _check(target, "destination", "label_join")

    def joined(labels: Labels) -> Labels:
        return _with(labels, target, [value_of(labels, source) for source in sources], separator, context)

    return Frame(tuple(map(joined, vector.labels)), vector.values, vector.present)


def _check(label: str, role: str, function: str) -> None:
    if not label:
        raise QueryError(f"invalid {role} label name in {function}(): {label!r}", "evaluation")


def _with(labels: Labels, name: str, parts: Sequence[str], separator: str, context: Context) -> Labels:
    """The label set with another label, joined once it is sure to be of bearable length."""
    context.budget.write(sum(map(len, parts)) + len(separator) * len(parts))
    return labels_of({**dict(labels), name: separator.join(parts)})


def _pieces(template: str, pattern: Any) -> list[str | int]:
    """A template as Go's regexp.Expand reads it, in texts and numbers of groups: `$1`, `$name`, `${name}`, `$$`.

    `$` before anything else stands for itself, groups that are not there are left out. Names are as long as they
    can be: `$1x` is the group "1x".
    """
    pieces: list[str | int] = []
    end = 0
    for reference in _REFERENCE.finditer(template):
        pieces.append(template[end : reference.start()])
        end = reference.end()
        dollar, *names = reference.groups()
        name = names[0] or names[1]
        group = _group(name, pattern) if name else None
        if dollar:
            pieces.append(dollar)
        elif group is not None and group <= pattern.groups:
            pieces.append(group)
    return [*pieces, template[end:]]


def _group(name: str, pattern: Any) -> int | None:
    if not name.isdecimal():
        return cast("int | None", pattern.groupindex.get(name))
    return int(name) if len(name) < 9 else None  # Python reads no numbers of thousands of digits


def _expanded(pieces: Sequence[str | int], match: Any) -> list[str]:
    """The pieces with what their groups matched; "" for one that matched nothing."""
    return [piece if isinstance(piece, str) else match.group(piece) or "" for piece in pieces]


RELABEL = (
    InstantFunction("label_join", _label_join),
    InstantFunction("label_replace", _label_replace),
)
