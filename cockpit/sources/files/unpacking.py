"""Reading what is packed by gzip or zstd: several members or frames, and those that break off."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import zstandard

from cockpit.sources.errors import UnreadableError
from cockpit.sources.files.shape import Packing

Read = Callable[[int], bytes]
"""Reads at most so many bytes, b"" at the end."""

MOST = 1 << 20
"""Bytes that are read, or unpacked by gzip, at once: a bomb costs time, not memory."""

_PACKED = 1 << 18
_SIP = 1 << 10
"""Packed bytes that zstd gets at once. It cannot be told to stop, and makes 128 KiB of 4 bytes at worst."""

_ANY_HEADER = 16 + zlib.MAX_WBITS
_WIDEST_WINDOW = 1 << 27
"""Bytes; `zstd --long` needs no more unless told to, and the memory is ours."""

_BROKEN_OFF = "what was read before is shown; fetch the file again for the rest"


def unpacked(read: Read, packing: Packing) -> Iterator[bytes]:
    """The bytes within, in parts that fit in memory.

    Raises UnreadableError where the packed bytes break off or make no sense, after all that came before.
    """
    if packing is Packing.GZIP:
        return _gzip(read)
    if packing is Packing.ZSTD:
        return _zstd(read)
    return iter(lambda: read(MOST), b"")


def _gzip(read: Read) -> Iterator[bytes]:
    rest = read(_PACKED)
    while rest:
        member = zlib.decompressobj(_ANY_HEADER)
        while not member.eof:
            if not rest and not (rest := read(_PACKED)):
                raise UnreadableError("the gzip data break off", _BROKEN_OFF)
            try:
                data = member.decompress(rest, MOST)
            except zlib.error as error:
                raise UnreadableError(f"the gzip data are damaged: {error}", _BROKEN_OFF) from error
            rest = member.unconsumed_tail
            if data:
                yield data
        rest = (member.unused_data or read(_PACKED)).lstrip(b"\0")  # tape drives and rsync pad with zeros
        if rest and not rest.startswith(b"\x1f"):
            raise UnreadableError("something else follows the gzip data", _BROKEN_OFF)


def _zstd(read: Read) -> Iterator[bytes]:
    opener = zstandard.ZstdDecompressor(max_window_size=_WIDEST_WINDOW)
    sips = _sips(read)
    rest = next(sips, b"")
    while rest:
        frame = opener.decompressobj()
        while not frame.eof:
            if not rest and not (rest := next(sips, b"")):
                raise UnreadableError("the zstd data break off", _BROKEN_OFF)
            try:
                data = frame.decompress(rest)
            except zstandard.ZstdError as error:
                raise UnreadableError(f"the zstd data are damaged: {error}", _BROKEN_OFF) from error
            rest = b""
            if data:
                yield data
        rest = frame.unused_data or next(sips, b"")


def _sips(read: Read) -> Iterator[bytes]:
    while data := read(_PACKED):
        yield from (data[at : at + _SIP] for at in range(0, len(data), _SIP))
