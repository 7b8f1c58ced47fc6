"""Bodies of answers, unpacked as they come, and never more of them than is allowed."""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING

from cockpit.sources.errors import TooLargeError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_GZIP = 16 + zlib.MAX_WBITS
_STEP = 1 << 20
"""Bytes that are unpacked at once: about 2 ms, so that the loop keeps turning while a bomb goes off."""


async def read_body(chunks: AsyncIterator[bytes], encoding: str, most: int, place: str) -> bytes:
    """A whole body, at most `most` bytes when unpacked. `encoding` is the Content-Encoding of the answer.

    Raises TooLargeError as soon as it is too large, and UnreadableError where it cannot be unpacked.
    """
    body = bytearray()
    async for piece in _unpacked(chunks, encoding.strip().lower(), place):
        body += piece
        if len(body) > most:
            raise TooLargeError(
                f"{place} answers with more than {_size(most)}", "check the path, or raise the limit", limit=most
            )
    return bytes(body)


def _unpacked(chunks: AsyncIterator[bytes], encoding: str, place: str) -> AsyncIterator[bytes]:
    if encoding in ("", "identity"):
        return chunks
    if encoding in ("gzip", "x-gzip"):
        return _gunzipped(chunks, place)
    raise UnreadableError(f"{place} packs its answer as {encoding[:40]!r}, which was not asked for")


async def _gunzipped(chunks: AsyncIterator[bytes], place: str) -> AsyncIterator[bytes]:
    """What gzip packed, one member or several after each other (RFC 1952)."""
    member = zlib.decompressobj(_GZIP)
    begun = False
    try:
        async for chunk in chunks:
            rest = chunk
            while rest:
                if member.eof:
                    member = zlib.decompressobj(_GZIP)
                yield member.decompress(rest, _STEP)
                begun = True
                rest = member.unconsumed_tail or member.unused_data
                await asyncio.sleep(0)
    except zlib.error as error:
        raise UnreadableError(f"{place} says that its answer is gzip, and it is not") from error
    if begun and not member.eof:
        raise UnreadableError(f"the gzip that {place} answers with ends too early")


def _size(amount: int) -> str:
    return f"{amount / (1 << 20):.3g} MiB" if amount >= 1 << 20 else f"{amount / 1024:.3g} KiB"
