"""Entries that are already serialised, put on the wire without being parsed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

_ENTRIES_TAG = b"\x0a"
"""Field 1, length-delimited: `repeated LogEntry entries = 1` of the list and tail responses alike."""


def entries_field(wires: Iterable[bytes]) -> bytes:
    """The `entries` of a response. Serialised messages may be concatenated, so other fields can be appended."""
    return b"".join(_pieces(wires))


def _pieces(wires: Iterable[bytes]) -> Iterator[bytes]:
    for wire in wires:
        yield _head(len(wire))
        yield wire


@lru_cache(maxsize=4096)
def _head(length: int) -> bytes:
    """The tag, and the length as a base-128 varint, least significant group first."""
    head = bytearray(_ENTRIES_TAG)
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head)
