"""What is kept of a logged text: no colours, and no more than can be read."""

from __future__ import annotations

from cockpit.logs.entry import Flag
from cockpit.logs.rowtext import MOST_TEXT
from cockpit.text import uncoloured

_SURELY_SHORT = MOST_TEXT // 4
"""Characters; none takes more than four bytes in UTF-8."""


def as_is(text: str) -> bool:
    """Whether a text is kept as it is, which most are: one look, for where many are read."""
    return text[-1:] > "\r" and len(text) <= _SURELY_SHORT and "\x1b" not in text


def kept(text: str) -> tuple[str, int]:
    """The text without colours and line breaks at its end, and Flag.SHORTENED where it is too long to keep."""
    text = uncoloured(text).rstrip("\r\n")
    if len(text) <= _SURELY_SHORT:
        return text, 0
    data = text[:MOST_TEXT].encode(errors="replace")
    if len(data) <= MOST_TEXT and len(text) <= MOST_TEXT:
        return text, 0
    return data[:MOST_TEXT].decode(errors="ignore"), int(Flag.SHORTENED)
