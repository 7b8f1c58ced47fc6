"""Snapshots as frames: by name what is new in each, as bytes, beside the one before."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from cockpit.live.app.picture import AppPicture
from cockpit.live.metrics.picture import MetricsPicture
from cockpit.live.recording.packing import builder, hints, pack, unpack
from cockpit.live.recording.secrets import Redactor
from cockpit.live.recording.streams import Frame
from cockpit.live.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

_PICTURES: dict[str, type[MetricsPicture | AppPicture]] = {"metrics": MetricsPicture, "app": AppPicture}
"""Parts that change often and never as a whole: each field of theirs is a part by itself."""

_WHOLE = tuple(field.name for field in fields(Snapshot) if field.name not in _PICTURES)
_WITHIN = {name: tuple(field.name for field in fields(kind)) for name, kind in _PICTURES.items()}
_MOST_MADE = 500


class Framer:
    """Makes frames of one snapshot after the other. What could be a secret leaves here (`Redactor`)."""

    def __init__(self) -> None:
        self._redactor = Redactor()
        self._values: dict[str, object] = {}
        self._parts: dict[str, bytes] = {}

    def frame(self, snapshot: Snapshot) -> Frame:
        """What is new in a snapshot."""
        new: dict[str, bytes] = {}
        for name, value in _fields_of(snapshot).items():
            # Most fields are the very same from one snapshot to the next: they cost nothing.
            if name in self._values and self._values[name] is value:
                continue
            packed = pack(self._redactor.redacted(value))
            self._values[name] = value
            if self._parts.get(name) != packed:
                self._parts[name] = new[name] = packed
        return Frame(snapshot.time, new)

    def forget(self) -> None:
        """Frames were lost: the next one has every part."""
        self._values, self._parts = {}, {}


class Unframer:
    """Makes snapshots of parts. What two of them have in common is one object, as it was live."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, bytes], Any] = OrderedDict()

    def snapshot(self, parts: Mapping[str, bytes]) -> Snapshot:
        """The snapshot of all its parts. Raises ValueError for what is none."""
        found = {name: self._value(name, parts[name]) for name in _WHOLE if name in parts}
        try:
            for name in _PICTURES:
                if name in parts and self._value(name, parts[name]):
                    found[name] = self._picture(name, parts)
            return Snapshot(**found)
        except TypeError as error:
            raise ValueError(f"no snapshot: {error}") from error

    def _picture(self, name: str, parts: Mapping[str, bytes]) -> MetricsPicture | AppPicture:
        inner = ((each, f"{name}.{each}") for each in _WITHIN[name])
        given = {each: self._value(path, parts[path]) for each, path in inner if path in parts}
        return _PICTURES[name](**given)

    def _value(self, name: str, data: bytes) -> Any:
        key = (name, data)
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        value = self._made[key] = unpack(_TYPES[name], data)
        if len(self._made) > _MOST_MADE:
            self._made.popitem(last=False)
        return value


def packed(snapshot: Snapshot) -> bytes:
    """A whole snapshot as bytes: two are the same where these are. What could be a secret stays in."""
    return pack(snapshot)


def _fields_of(snapshot: Snapshot) -> dict[str, object]:
    found: dict[str, object] = {name: getattr(snapshot, name) for name in _WHOLE}
    for name, within in _WITHIN.items():
        picture = getattr(snapshot, name)
        found[name] = picture is not None
        if picture is not None:
            found |= {f"{name}.{each}": getattr(picture, each) for each in within}
    return found


_TYPES: dict[str, Any] = dict.fromkeys(_PICTURES, bool)
_TYPES |= {name: kind for name, kind in hints(Snapshot).items() if name in _WHOLE}
_TYPES |= {f"{name}.{each}": kind for name, owner in _PICTURES.items() for each, kind in hints(owner).items()}
for _kind in _TYPES.values():
    builder(_kind)  # a part that could not be read back is found now, and not by who needs it
