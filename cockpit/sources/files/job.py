"""What a reading process is told: once what to read, then each part that is wanted."""

from __future__ import annotations

import struct

import msgspec

from cockpit.sources.files.shape import Shape

REQUEST = struct.Struct("<qq")
"""A part of the file: where it starts, and where it stops."""


class Job(msgspec.Struct, frozen=True):
    """What to read: the open file `descriptor`, called `name` in messages.

    With a shape, parts of it are asked for; without, all of it is read from where it stands, and unpacked.
    `seekable`: payloads are left in the file, where else they are handed over.
    """

    descriptor: int
    name: str
    shape: Shape | None = None
    seekable: bool = True
