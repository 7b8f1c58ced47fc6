"""What a recording holds beside its tables: three streams of things in the order they came, in packed pieces."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import msgspec
import zstandard

from cockpit.live.metrics.targets import TargetUrl
from cockpit.live.recording.logpieces import AsTheyAre, InColumns, Logged, in_columns
from cockpit.metrics.labels import Labels
from cockpit.sources.scrape import Body

if TYPE_CHECKING:
    from collections.abc import Sequence

QUICK, LASTING = 3, 12
"""zstd's levels: at 12 snapshots take 7 % less room than at 3 and scrapes a third less, in 30 ms for five minutes;
at 19 another 6 %, in ten times as long."""

MOST_UNPACKED = 512 << 20
"""Bytes of one piece: what would unpack to more is no piece of ours."""


class Stream(IntEnum):
    """The streams. The values stand in files."""

    SNAPSHOTS = 0
    SCRAPES = 1
    LOG = 2


class Scraped(msgspec.Struct, frozen=True, array_like=True, tag="body"):
    """A body with metrics, or with none where its endpoint says that they are switched off."""

    target: TargetUrl
    body: Body

    @property
    def at(self) -> float:
        """When it came, in epoch seconds."""
        return self.body.at


class Reached(msgspec.Struct, frozen=True, array_like=True, tag="up"):
    """A URL gave metrics `at` a moment (epoch seconds), after so many seconds so many samples."""

    target: TargetUrl
    at: float
    seconds: float
    samples: int


class Missed(msgspec.Struct, frozen=True, array_like=True, tag="down"):
    """A URL was asked `at` a moment (epoch seconds) and gave none."""

    target: TargetUrl
    at: float


class Ruled(msgspec.Struct, frozen=True, array_like=True, tag="rules"):
    """Samples that recording rules of a group made for a moment (epoch milliseconds)."""

    at_ms: int
    group: str
    samples: tuple[tuple[Labels, float], ...]

    @property
    def at(self) -> float:
        """The moment in epoch seconds."""
        return self.at_ms / 1000


class Served(msgspec.Struct, frozen=True, array_like=True, tag="serves"):
    """Processes were attributed by the split that served `at` a moment (epoch seconds): percent by revision."""

    at: float
    percents: dict[str, int]


Scrape = Scraped | Reached | Missed | Ruled | Served


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """What a snapshot changed at a time (epoch seconds), packed, by field; the first of a file has every field.

    Fields of the snapshot's pictures are "metrics.NAME" and "app.NAME".
    """

    at: float
    parts: dict[str, bytes]


class Compressor:
    """Packs pieces: quickly, or for long. Belongs to one thread."""

    def __init__(self) -> None:
        self._quick = zstandard.ZstdCompressor(level=QUICK, write_checksum=True)
        self._lasting = zstandard.ZstdCompressor(level=LASTING, write_checksum=True)

    def frames(self, frames: Sequence[Frame], *, lasting: bool) -> bytes:
        """A piece of snapshots; those after the first are what they changed."""
        return self._packed(frames, lasting=lasting)

    def scrapes(self, scrapes: Sequence[Scrape], *, lasting: bool) -> bytes:
        """A piece of scrapes."""
        return self._packed(scrapes, lasting=lasting)

    def log(self, entries: Sequence[Logged], *, lasting: bool) -> bytes:
        """A piece of the log."""
        as_they_are = AsTheyAre(tuple(entries))
        return self._packed((in_columns(entries) or as_they_are) if lasting else as_they_are, lasting=lasting)

    def _packed(self, value: object, *, lasting: bool) -> bytes:
        return (self._lasting if lasting else self._quick).compress(_ENCODER.encode(value))


def frames_of(piece: bytes) -> list[Frame]:
    """The snapshots of a piece. Raises ValueError."""
    found: list[Frame] = _unpacked(piece, _FRAMES)
    return found


def scrapes_of(piece: bytes) -> list[Scrape]:
    """The scrapes of a piece. Raises ValueError."""
    found: list[Scrape] = _unpacked(piece, _SCRAPES)
    return found


def logged_of(piece: bytes) -> list[Logged]:
    """The entries of a piece. Raises ValueError."""
    from google.protobuf.message import DecodeError

    found: AsTheyAre | InColumns = _unpacked(piece, _LOG)
    try:
        return found.logged()
    except (ValueError, IndexError, TypeError, DecodeError) as error:
        raise ValueError(f"a piece is damaged: {error}") from error


def _unpacked(piece: bytes, decoder: msgspec.msgpack.Decoder[Any]) -> Any:
    try:
        if zstandard.frame_content_size(piece) > MOST_UNPACKED:
            raise ValueError("a piece is too large")
        return decoder.decode(zstandard.ZstdDecompressor().decompress(piece))
    except (zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise ValueError(f"a piece is damaged: {error}") from error


_ENCODER = msgspec.msgpack.Encoder()
_FRAMES = msgspec.msgpack.Decoder(list[Frame])
_SCRAPES = msgspec.msgpack.Decoder(list[Scrape])
_LOG = msgspec.msgpack.Decoder(AsTheyAre | InColumns)
