"""How a row is written down: its text as one line of a block, its trace as a number.

Apart from segments, which need numpy: a process that only reads entries does without, and starts in no time.
"""

from __future__ import annotations

ROW_END = b"\n"
INNER_END = "\v"
MOST_TEXT = 1 << 18
"""Bytes of one entry's text that are kept for reading and finding; the payload has the rest."""

TRACE_DIGITS = 16
"""Hexadecimal digits of a trace that its key is made of."""


def row_text(text: str) -> bytes:
    """A text as its line of a block, with the end of the row."""
    return in_block(text) + ROW_END


def in_block(text: str) -> bytes:
    """A text as it stands in a block: vertical tabs are spaces there, and line breaks vertical tabs."""
    return text.replace(INNER_END, " ").replace("\n", INNER_END).encode(errors="replace")


def trace_key(trace: str) -> int:
    """The first 64 bits of a trace's hexadecimal name; 0 for none, and for what is no such name."""
    try:
        return max(0, int(trace[:TRACE_DIGITS].ljust(TRACE_DIGITS, "0"), 16))
    except ValueError:
        return 0
