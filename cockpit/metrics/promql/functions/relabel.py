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


def _label_replace(arguments: Sequence[Argument], _: Context) -> Frame:
    vector = cast("Frame", arguments[0])
    target, template, source, regex = cast("tuple[str, ...]", tuple(arguments[1:]))
    try:
        pattern = anchored(regex)
    except RegexError as error:
        raise QueryError(f"invalid regular expression in label_replace(): {error}", "evaluation") from None
    _check(target, "destination", "label_replace")

    def replaced(labels: Labels) -> Labels:
        match = pattern.fullmatch(value_of(labels, source))
        return labels if match is None else _with(labels, target, _expanded(template, match))

    return Frame(tuple(map(replaced, vector.labels)), vector.values, vector.present)


def _label_join(arguments: Sequence[Argument], _: Context) -> Frame:
    vector = cast("Frame", arguments[0])
    target, separator, *sources = cast("tuple[str, ...]", tuple(arguments[1:]))
    for source in sources:
        _check(source, "source", "label_join")
    _check(target, "destination", "label_join")

    def joined(labels: Labels) -> Labels:
        return _with(labels, target, separator.join(value_of(labels, source) for source in sources))

    return Frame(tuple(map(joined, vector.labels)), vector.values, vector.present)


def _check(label: str, role: str, function: str) -> None:
    if not label:
        raise QueryError(f"invalid {role} label name in {function}(): {label!r}", "evaluation")


def _with(labels: Labels, name: str, value: str) -> Labels:
    return labels_of({**dict(labels), name: value})


def _expanded(template: str, match: Any) -> str:
    """A template as Go's regexp.Expand reads it: `$1`, `$name`, `${name}`, `$$`; what matched nothing is "".

    `$` before anything else stands for itself. Names are as long as they can be: `$1x` is the group "1x".
    """
    named = match.re.groupindex

    def value(reference: re.Match[str]) -> str:
        dollar, *names = reference.groups()
        if dollar:
            return dollar
        name = names[0] or names[1]
        group = int(name) if name.isdecimal() else named.get(name)
        return "" if group is None or group > match.re.groups else match.group(group) or ""

    return _REFERENCE.sub(value, template)


RELABEL = (
    InstantFunction("label_join", _label_join),
    InstantFunction("label_replace", _label_replace),
)
