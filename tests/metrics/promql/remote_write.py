"""Samples of any time and value, stale markers too, written to a real Prometheus by its remote-write protocol."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import httpx

from cockpit.metrics.labels import Labels
from cockpit.metrics.series import STALE
from tests.metrics.promql.memory import Samples

STALE_BITS = 0x7FF0_0000_0000_0002
"""The NaN that ends a series in Prometheus."""

LITERAL = 1 << 16
"""Bytes that one literal of Snappy holds here."""


def write_samples(url: str, series: Mapping[Labels, Samples]) -> None:
    """Write all series in one request; the server needs `--web.enable-remote-write-receiver`."""
    message = b"".join(_field(1, _time_series(labels, samples)) for labels, samples in series.items())
    headers = {
        "Content-Encoding": "snappy",
        "Content-Type": "application/x-protobuf",
        "X-Prometheus-Remote-Write-Version": "0.1.0",
    }
    httpx.post(
        f"{url}/api/v1/write", content=_snappy(message), headers=headers, trust_env=False
    ).raise_for_status()


def _time_series(labels: Labels, samples: Samples) -> bytes:
    """prometheus.TimeSeries: labels of name and value, samples of a double and epoch milliseconds."""
    named = (_field(1, _field(1, name.encode()) + _field(2, value.encode())) for name, value in labels)
    held = (_field(2, b"\x09" + _double(value) + b"\x10" + _varint(at)) for at, value in samples.items())
    return b"".join((*named, *held))


def _double(value: float) -> bytes:
    packed = struct.pack("<d", value)
    return struct.pack("<Q", STALE_BITS) if packed == struct.pack("<d", STALE) else packed


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    digits = bytearray()
    while value > 0x7F:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    digits.append(value)
    return bytes(digits)


def _snappy(content: bytes) -> bytes:
    """Snappy's block format without compression: the length, then literals (tag 61: two bytes of length)."""
    pieces = (content[begin : begin + LITERAL] for begin in range(0, len(content), LITERAL))
    return _varint(len(content)) + b"".join(
        bytes([61 << 2]) + struct.pack("<H", len(piece) - 1) + piece for piece in pieces
    )
