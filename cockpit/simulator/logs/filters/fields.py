"""Field paths of a LogEntry, resolved once against its descriptor to a reader that costs a few attribute reads.

A name the LogEntry type does not have is an error found before the query runs. A missing payload field or label
reads as None, so every comparison with it fails; a typed field that was never set reads as its default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from operator import attrgetter
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from cockpit.simulator.logs.messages import LogEntry


class Kind(Enum):
    """How the value of a field is compared."""

    TEXT = auto()
    NUMBER = auto()
    BOOLEAN = auto()
    TIME = auto()
    """Unix nanoseconds."""
    DURATION = auto()
    """Nanoseconds."""
    SEVERITY = auto()
    JSON = auto()
    """What a JSON payload holds there: text, number, boolean or null. Several values when a list is on the way."""
    MESSAGE = auto()
    """A whole message or map: only its presence and the text inside it can be asked for."""


@dataclass(frozen=True, slots=True)
class Field:
    """A resolved path.

    `read` gives the value, None when it is missing; for JSON and MESSAGE a list of values. `present` answers `:*`.
    """

    kind: Kind
    read: Callable[[LogEntry], Any]
    present: Callable[[LogEntry], bool]


class UnknownFieldError(LookupError):
    """The LogEntry type has no such field."""


def resolve(path: tuple[str, ...]) -> Field:
    """The reader of a path such as `("resource", "labels", "revision_name")`. Raises UnknownFieldError."""
    descriptor: Descriptor = LogEntry.DESCRIPTOR
    names: list[str] = []
    for depth, segment in enumerate(path):
        field = _find(descriptor, segment)
        names.append(field.name)
        dotted, rest = ".".join(names), path[depth + 1 :]
        if field.message_type is None:
            if rest:
                raise UnknownFieldError(".".join(path))
            return _scalar(dotted, field)
        if field.message_type.GetOptions().map_entry:
            return _map_entry(dotted, ".".join(rest)) if rest else _message(dotted, field)
        special = _SPECIAL.get(field.message_type.full_name)
        if special is not None:
            return special(dotted, field, rest)
        descriptor = field.message_type
    return _message(dotted, field)


def texts(message: Message) -> Iterator[str]:
    """Every value inside a message as text: what a search without a field looks at."""
    for field, value in message.ListFields():
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            for key in value:
                yield from _texts_of(field.message_type.fields_by_name["value"], value[key])
        else:
            for item in value if field.is_repeated else (value,):
                yield from _texts_of(field, item)


def _texts_of(field: FieldDescriptor, value: Any) -> Iterator[str]:
    if isinstance(value, Timestamp | Duration):
        yield value.ToJsonString()
    elif isinstance(value, Message):
        yield from texts(value)
    elif field.enum_type is not None:
        named = field.enum_type.values_by_number.get(value)
        yield named.name if named else str(value)
    else:
        yield _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def _find(descriptor: Descriptor, segment: str) -> FieldDescriptor:
    wanted = segment.casefold()
    for field in descriptor.fields:
        if wanted in (field.name, field.json_name.casefold()):
            return field
    raise UnknownFieldError(segment)


_INTEGERS = frozenset({FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64})


def _scalar(dotted: str, field: FieldDescriptor) -> Field:
    read = attrgetter(dotted)
    if field.enum_type is not None:
        kind = Kind.SEVERITY
    elif field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        kind = Kind.BOOLEAN
    elif field.cpp_type in _INTEGERS:
        kind = Kind.NUMBER
    else:
        kind = Kind.TEXT
    return Field(kind, read, lambda entry: bool(read(entry)))


def _map_entry(dotted: str, key: str) -> Field:
    labels = attrgetter(dotted)
    return Field(Kind.TEXT, lambda entry: labels(entry).get(key), lambda entry: key in labels(entry))


def _presence(dotted: str) -> Callable[[LogEntry], bool]:
    parent, _, name = dotted.rpartition(".")
    if not parent:
        return lambda entry: bool(entry.HasField(name))
    owner = attrgetter(parent)
    return lambda entry: bool(owner(entry).HasField(name))


def _message(dotted: str, field: FieldDescriptor) -> Field:
    read = attrgetter(dotted)
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return Field(Kind.MESSAGE, lambda entry: list(read(entry).values()), lambda entry: bool(read(entry)))
    return Field(Kind.MESSAGE, lambda entry: list(texts(read(entry))), _presence(dotted))


def _timestamp(dotted: str, _: FieldDescriptor, rest: tuple[str, ...]) -> Field:
    if rest:
        raise UnknownFieldError(f"{dotted}.{rest[0]}")
    read = attrgetter(dotted)

    def nanoseconds(entry: LogEntry) -> int:
        time = read(entry)
        return int(time.seconds * 1_000_000_000 + time.nanos)

    return Field(Kind.TIME, nanoseconds, _presence(dotted))


def _duration(dotted: str, field: FieldDescriptor, rest: tuple[str, ...]) -> Field:
    nanoseconds = _timestamp(dotted, field, rest)
    return Field(Kind.DURATION, nanoseconds.read, nanoseconds.present)


def _struct(dotted: str, field: FieldDescriptor, rest: tuple[str, ...]) -> Field:
    if not rest:
        return _message(dotted, field)
    root = attrgetter(dotted)

    def values(entry: LogEntry) -> list[Any]:
        found = [root(entry).fields.get(rest[0])]
        for key in rest[1:]:
            found = [value.struct_value.fields.get(key) for value in _flattened(found)]
        return [_plain(value) for value in _flattened(found)]

    return Field(Kind.JSON, values, lambda entry: bool(values(entry)))


def _flattened(found: list[Any]) -> Iterator[Any]:
    """Lists are looked through: a comparison holds when it holds for any element."""
    for value in found:
        if value is None:
            continue
        if value.WhichOneof("kind") == "list_value":
            yield from _flattened(list(value.list_value.values))
        else:
            yield value


def _plain(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return " ".join(texts(value.struct_value))
    return None if kind in (None, "null_value") else getattr(value, kind)


def _any(dotted: str, field: FieldDescriptor, rest: tuple[str, ...]) -> Field:
    if rest == ("@type",):
        return Field(Kind.TEXT, attrgetter(f"{dotted}.type_url"), _presence(dotted))
    if rest:
        return Field(Kind.JSON, lambda _: [], lambda _: False)
    return _message(dotted, field)


_SPECIAL: dict[str, Callable[[str, FieldDescriptor, tuple[str, ...]], Field]] = {
    "google.protobuf.Timestamp": _timestamp,
    "google.protobuf.Duration": _duration,
    "google.protobuf.Struct": _struct,
    "google.protobuf.Any": _any,
}
