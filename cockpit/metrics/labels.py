"""Label sets: what tells one series from another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cockpit.text import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Labels = tuple[tuple[str, str], ...]
"""Names and values, sorted by name, without empty values; the metric's own name is the label `__name__`."""

NAME = "__name__"
NOTHING: Labels = ()

_PLAIN_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_PLAIN_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


def labels_of(pairs: Mapping[str, str]) -> Labels:
    """A label set from names and values; an empty value is no label."""
    return tuple(sorted((name, value) for name, value in pairs.items() if value))


def value_of(labels: Labels, name: str) -> str:
    """The value of one label, "" where there is none."""
    for label, value in labels:
        if label == name:
            return value
    return ""


def only(labels: Labels, names: Collection[str]) -> Labels:
    """The labels with these names."""
    return tuple(pair for pair in labels if pair[0] in names)


def without(labels: Labels, names: Collection[str]) -> Labels:
    """The labels with other names than these."""
    return tuple(pair for pair in labels if pair[0] not in names)


def notation(labels: Labels) -> str:
    """The label set as Prometheus writes it, `name{label="value"}`; names that need quotes get them."""
    metric = value_of(labels, NAME)
    plain = bool(_PLAIN_METRIC.fullmatch(metric))
    inside = [quoted(metric)] if metric and not plain else []
    inside += [f"{label_name(name)}={quoted(value)}" for name, value in labels if name != NAME]
    body = f"{{{', '.join(inside)}}}" if inside or not metric else ""
    return f"{metric if plain else ''}{body}"


def label_name(name: str) -> str:
    """A label's name as PromQL writes it, in quotes where it needs them."""
    return name if _PLAIN_NAME.fullmatch(name) else quoted(name)


def quoted(text: str) -> str:
    """A string as PromQL writes it; what a terminal must not be sent is spelled by its code."""
    plain = text.translate(_ESCAPES)
    return f'"{plain if clean(plain) == plain else "".join(map(_visible, plain))}"'


def _visible(character: str) -> str:
    if clean(character) == character:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\U{code:08x}"
