"""One entry's payload again, from the file or from its own bytes."""

from __future__ import annotations

import json
import os
from typing import Any

from cockpit.sources.errors import UnreadableError
from cockpit.sources.files.cutting import MOST_ENTRY
from cockpit.sources.files.opening import OpenFile, unreadable
from cockpit.sources.files.shape import Packing
from cockpit.sources.files.unpacking import unpacked

_WINDOW = 1 << 16
_STEP = 8

_decode = json.JSONDecoder(strict=False).raw_decode


def payload_at(file: OpenFile, at: int) -> dict[str, Any]:
    """The entry that begins at byte `at`, unpacked ones of a packed file; {"textPayload": …} of a line of text.

    A packed file is unpacked up to there, a second or two for a gigabyte: not to be called on the loop.
    Raises SourceError where the file cannot be read any more, or has nothing there.
    """
    size = _WINDOW
    while True:
        window = _bytes_at(file, at, size)
        is_all = len(window) < size or size >= MOST_ENTRY
        if not window:
            raise UnreadableError(f"{file.name} has no byte {at:,} any more", "the file was cut; open it anew")
        found = payload_of(window, is_all=is_all)
        if found is not None:
            return found
        size *= _STEP


def payload_of(raw: bytes, *, is_all: bool = True) -> dict[str, Any] | None:
    """The entry that these bytes begin with; None where more are needed, `is_all` says that there are none."""
    text = raw.decode(errors="replace")
    if text.startswith("{"):
        try:
            found, _ = _decode(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return found
    line, ended, _ = text.partition("\n")
    if not is_all and (text.startswith("{") or not ended):
        return None
    return {"textPayload": line.rstrip("\r")}


def _bytes_at(file: OpenFile, at: int, size: int) -> bytes:
    try:
        if file.packing is Packing.NONE:
            return os.pread(file.descriptor, size, at)
        return _unpacked_at(file, at, size)
    except OSError as error:
        raise unreadable(file.name, error) from error


def _unpacked_at(file: OpenFile, at: int, size: int) -> bytes:
    came, place, kept = 0, 0, b""

    def read(most: int) -> bytes:
        nonlocal place
        data = os.pread(file.descriptor, most, place)
        place += len(data)
        return data

    try:
        for data in unpacked(read, file.packing):
            kept += data[max(0, at - came) :] if came + len(data) > at else b""
            came += len(data)
            if len(kept) >= size:
                break
    except UnreadableError:
        if not kept:
            raise
    return kept[:size]
