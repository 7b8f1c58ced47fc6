"""What a recording holds beside its tables: three streams of things in the order they came, in packed pieces."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import msgspec
import zstandard

from cockpit.live.metrics.targets import TargetUrl
from cockpit.metrics.labels import Labels
from cockpit.sources.scrape import Body

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVEL = 3
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


Scrape = Scraped | Reached | Missed | Ruled


class Gap(msgspec.Struct, frozen=True, array_like=True):
    """A row in the place of entries that are missing: its moment (Unix ns) and its words."""

    time: int
    text: str
    severity: int
    flags: int


class Logged(msgspec.Struct, frozen=True, array_like=True):
    """An entry of the log: a raw `google.logging.v2.LogEntry` as it came, or what stands in a gap.

    `at` is when it came, in epoch milliseconds, `time` its own moment in Unix ns, 0 for none. `page` is 0 for what
    a stream brought; entries with the same other number came as one page of a list.
    """

    at: int
    time: int
    page: int
    entry: bytes | Gap

    @property
    def moment(self) -> float:
        """Its own moment in epoch seconds; where it has none, when it came."""
        return self.time / 1e9 if self.time else self.at / 1e3


class _LogColumns(msgspec.Struct, array_like=True):
    """Many entries, column by column: what is alike lies together."""

    at: tuple[int, ...]
    time: tuple[int, ...]
    page: tuple[int, ...]
    entry: tuple[bytes | Gap, ...]


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """What a snapshot changed at a time (epoch seconds), packed, by field; the first of a file has every field.

    Fields of the snapshot's metrics are "metrics.NAME".
    """

    at: float
    parts: dict[str, bytes]


class Compressor:
    """Packs pieces. Belongs to one thread."""

    def __init__(self, level: int = LEVEL) -> None:
        self._zstd = zstandard.ZstdCompressor(level=level, write_checksum=True)

    def frames(self, frames: Sequence[Frame]) -> bytes:
        """A piece of snapshots; those after the first are what they changed."""
        return self._packed(frames)

    def scrapes(self, scrapes: Sequence[Scrape]) -> bytes:
        """A piece of scrapes."""
        return self._packed(scrapes)

    def log(self, entries: Sequence[Logged]) -> bytes:
        """A piece of the log."""
        columns = zip(*((each.at, each.time, each.page, each.entry) for each in entries), strict=True)
        return self._packed(_LogColumns(*map(tuple, columns)))

    def _packed(self, value: object) -> bytes:
        return self._zstd.compress(_ENCODER.encode(value))


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
    found: _LogColumns = _unpacked(piece, _LOG)
    return list(map(Logged, found.at, found.time, found.page, found.entry))


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
_LOG = msgspec.msgpack.Decoder(_LogColumns)
