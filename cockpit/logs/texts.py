"""What is kept of a logged text: no colours, and no more than can be read."""

from __future__ import annotations

import re

from cockpit.logs.entry import Flag
from cockpit.logs.rowtext import MOST_TEXT

_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")
_WIDEST = 4
"""Bytes that a character takes at most in UTF-8."""


def uncoloured(text: str) -> str:
    """Without the sequences that choose colours, which were meant for another terminal. All else stays."""
    return _COLOUR.sub("", text) if "\x1b[" in text else text


def kept(text: str) -> tuple[str, int]:
    """The text without colours and line breaks at its end, and Flag.SHORTENED where it is too long to keep."""
    if "\x1b[" in text:
        text = _COLOUR.sub("", text)
    text = text.rstrip("\r\n")
    if len(text) <= MOST_TEXT // _WIDEST:
        return text, 0
    data = text[:MOST_TEXT].encode(errors="replace")
    if len(data) <= MOST_TEXT and len(text) <= MOST_TEXT:
        return text, 0
    return data[:MOST_TEXT].decode(errors="ignore"), int(Flag.SHORTENED)
