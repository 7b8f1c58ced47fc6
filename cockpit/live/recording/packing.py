"""Values as bytes and back: dataclasses, enums, tuples, mappings and dates as msgpack.

The same value is always the same bytes, and what is read back gives the same bytes again, NaN included. Fields go
by name, so that one which a later cockpit adds with a default does not keep it from reading what an earlier one
wrote.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from cockpit.live import snapshot
from cockpit.live.app import picture as app
from cockpit.live.metrics import picture as metrics
from cockpit.metrics import alerts, labels
from cockpit.metrics.signals import reading, signal
from cockpit.release import observed, plan, service, traffic
from cockpit.sources.timelines import shape

Build = Callable[[Any], Any]

_MODULES = (snapshot, app, metrics, alerts, labels, reading, signal, observed, plan, service, traffic, shape)

NAMES: Mapping[str, object] = {
    name: value for module in _MODULES for name, value in vars(module).items() if not name.startswith("_")
} | {"datetime": datetime, "Mapping": Mapping, "Sequence": Sequence}
"""What modules of a snapshot's parts import from each other for annotations alone, by the names they use."""

_AS_THEY_ARE = (str, int, float, bool, bytes, datetime, object, type(None))


def pack(value: object) -> bytes:
    """The bytes of a value. Raises TypeError for one that has none."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        # Half a surrogate pair, which somebody managed to send us, has no UTF-8.
        return _ENCODER.encode(_encodable(msgspec.to_builtins(value, builtin_types=(datetime,), enc_hook=_plain)))


def unpack(kind: Any, data: bytes) -> Any:
    """The value of a type, from its bytes. Raises ValueError for what is none."""
    try:
        return builder(kind)(msgspec.msgpack.decode(data))
    except (msgspec.MsgspecError, AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"no {getattr(kind, '__name__', kind)}: {error}") from error


@cache
def builder(kind: Any) -> Build:
    """What makes a value of a type from plain lists, dicts and numbers. Raises TypeError for an unknown type."""
    if kind in _AS_THEY_ARE:
        return _as_it_is
    if isinstance(kind, type):
        if issubclass(kind, Enum):
            return kind
        if is_dataclass(kind):
            return _of_fields(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return _of_tuple(inner)
    if origin in (Union, types.UnionType):
        return _of_optional(kind, inner)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _of_mapping(*inner)
    raise TypeError(f"a {kind} cannot be recorded")


def hints(kind: type) -> dict[str, Any]:
    """The types of a class's fields, by name."""
    return get_type_hints(kind, localns=dict(NAMES))


def _of_fields(kind: type) -> Build:
    # Looked up at the first use: types may hold each other.
    @cache
    def builders() -> dict[str, Build]:
        told = hints(kind)
        return {field.name: builder(told[field.name]) for field in fields(kind)}

    def build(found: Any) -> Any:
        known = builders()
        return kind(**{name: known[name](value) for name, value in found.items() if name in known})

    return build


def _of_tuple(inner: tuple[Any, ...]) -> Build:
    if len(inner) == 2 and inner[1] is Ellipsis:
        build = builder(inner[0])
        return tuple if build is _as_it_is else lambda found: tuple(map(build, found))
    builders = tuple(map(builder, inner))
    if all(build is _as_it_is for build in builders):
        return tuple
    return lambda found: tuple(build(value) for build, value in zip(builders, found, strict=True))


def _of_optional(kind: Any, inner: tuple[Any, ...]) -> Build:
    """Of a type or None, or of several that need nothing done."""
    builders = {builder(each) for each in inner if each is not type(None)}
    if len(builders) != 1:
        raise TypeError(f"a {kind} cannot be recorded: it may be several things")
    [build] = builders
    return build if build is _as_it_is else lambda found: None if found is None else build(found)


def _of_mapping(key: Any, value: Any) -> Build:
    build_key, build = builder(key), builder(value)
    return lambda found: {build_key(name): build(each) for name, each in found.items()}


def _as_it_is(found: Any) -> Any:
    return found


def _plain(value: object) -> object:
    """What msgpack knows of what it does not."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, float):  # numpy's, which is one and is not exactly one
        return float(value)
    raise TypeError(f"a {type(value).__name__} cannot be recorded")


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list | tuple):
        return [_encodable(each) for each in value]
    if isinstance(value, dict):
        return {_encodable(name): _encodable(each) for name, each in value.items()}
    return value


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain)
