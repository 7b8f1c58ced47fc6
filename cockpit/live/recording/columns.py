"""Numbers and texts of many things, column by column, as bytes that pack well.

Numbers are written as what they differ by from the one before, texts that come again once, hexadecimal digits as
bytes; and of all numbers of a column the first bytes lie together, then the second ones, because those that hardly
ever change pack to nothing (the "shuffle" of Blosc and HDF5).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_HEX_END = re.compile(r"(?:[0-9a-f]{2}){4,}\Z")
_LONGEST_END = 64


class Texts(msgspec.Struct, frozen=True, array_like=True):
    """A column of texts: which of the distinct ones each is, what those begin with, and their hexadecimal ends."""

    which: bytes
    heads: tuple[str, ...]
    head: bytes
    length: bytes
    ends: bytes


def pack_numbers(numbers: Sequence[int]) -> bytes:
    """A column of whole numbers of 64 bits."""
    values = np.array(numbers, dtype=np.int64)
    steps = np.diff(values, prepend=np.int64(0))
    return _shuffled((steps << 1) ^ (steps >> 63))


def unpack_numbers(packed: bytes) -> list[int]:
    """The numbers of a column. Raises ValueError."""
    folded = _unshuffled(packed, 8).view(np.uint64)
    steps = (folded >> np.uint64(1)).view(np.int64) ^ -(folded & np.uint64(1)).view(np.int64)
    found: list[int] = np.cumsum(steps, dtype=np.int64).tolist()
    return found


def pack_texts(texts: Sequence[str]) -> Texts:
    """A column of texts."""
    distinct: dict[str, int] = {}
    which = [distinct.setdefault(text, len(distinct)) for text in texts]
    heads: dict[str, int] = {}
    head, ends = [], []
    for text in distinct:
        found = _HEX_END.search(text, max(0, len(text) - _LONGEST_END))
        cut = found.start() if found else len(text)
        head.append(heads.setdefault(text[:cut], len(heads)))
        ends.append(bytes.fromhex(text[cut:]))
    lengths = [len(end) for end in ends]
    columns = (pack_numbers(which), tuple(heads), pack_numbers(head), pack_numbers(lengths))
    return Texts(*columns, _joined(ends, lengths))


def unpack_texts(packed: Texts) -> list[str]:
    """The texts of a column. Raises ValueError and IndexError."""
    lengths = unpack_numbers(packed.length)
    ends = packed.ends
    if _are_alike(lengths):
        ends = _unshuffled(ends, lengths[0]).tobytes()
    distinct, at = [], 0
    for head, length in zip(unpack_numbers(packed.head), lengths, strict=True):
        distinct.append(packed.heads[head] + ends[at : at + length].hex())
        at += length
    return [distinct[number] for number in unpack_numbers(packed.which)]


def _joined(ends: Sequence[bytes], lengths: Sequence[int]) -> bytes:
    joined = b"".join(ends)
    if not _are_alike(lengths):
        return joined
    return _shuffled(np.frombuffer(joined, dtype=np.uint8).reshape(-1, lengths[0]))


def _are_alike(lengths: Sequence[int]) -> bool:
    return bool(lengths) and lengths[0] > 0 and min(lengths) == max(lengths)


def _shuffled(values: NDArray[np.int64] | NDArray[np.uint8]) -> bytes:
    """The first bytes of all values, then the second ones …"""
    return np.ascontiguousarray(values).view(np.uint8).reshape(len(values), -1).T.tobytes() if len(values) else b""


def _unshuffled(packed: bytes, width: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.frombuffer(packed, dtype=np.uint8).reshape(width, -1).T)
