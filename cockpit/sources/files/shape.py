"""What a file holds, recognised by how it begins, never by its name."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

import msgspec

from cockpit.sources.errors import UnreadableError

HEAD = 1 << 16
"""Bytes of the beginning that are looked at."""

BOM = b"\xef\xbb\xbf"

_MOST_CONTROL = 0.05
_MOST_INVALID = 0.3
_FEW = 8
_LINES_TRIED = 20
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\b\x1b"))
_INDENTED_ARRAY = re.compile(rb"\s*\[[ \t]*\r?\n([ \t]*)\{[ \t]*\r?\n")
_INDENTED_OBJECT = re.compile(rb"\s*?\n?([ \t]*)\{[ \t]*\r?\n[ \t]+\"")
_ARRAY = re.compile(rb"\s*\[\s*(?:\{|\]\s*$|$)")

_OTHER_KINDS = (
    (b"PK\x03\x04", "a ZIP archive", "unzip it first"),
    (b"BZh", "packed by bzip2", "bzip2 -dc FILE | cockpit logs --file -"),
    (b"\xfd7zXZ\x00", "packed by xz", "xz -dc FILE | cockpit logs --file -"),
    (b"SQLite format 3\x00", "a SQLite database", "a log is wanted: JSON, JSON lines or plain text"),
    (b"\xff\xfe", "in UTF-16", "iconv -f UTF-16 -t UTF-8 FILE | cockpit logs --file -"),
    (b"\xfe\xff", "in UTF-16", "iconv -f UTF-16 -t UTF-8 FILE | cockpit logs --file -"),
)


class Packing(Enum):
    """How a file is compressed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


class Form(Enum):
    """How entries are told apart: by line ends, by the indentation they begin at, or by JSON's own syntax."""

    LINES = "lines"
    INDENTED = "indented"
    SCANNED = "scanned"


class Shape(msgspec.Struct, frozen=True):
    """How a file is written.

    `indent` is what stands before each entry's brace in an INDENTED one. In a `structured` file, a line that
    begins like JSON and is none is a broken entry; elsewhere it is a line of text. Entries begin at byte `first`.
    `near` is when it was written to last, Unix ns: what a time without a year means.
    """

    form: Form
    indent: bytes = b""
    structured: bool = False
    first: int = 0
    near: int = 0


def packing_of(head: bytes) -> Packing:
    """How a file that begins so is compressed."""
    if head.startswith(b"\x1f\x8b"):
        return Packing.GZIP
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return Packing.ZSTD
    return Packing.NONE


def shape_of(head: bytes, name: str, *, near: int) -> Shape:
    """How a file that begins so, unpacked, is written. Raises UnreadableError, which says `name`, for no text."""
    return msgspec.structs.replace(_shape_of(head, name), near=near)


def _shape_of(head: bytes, name: str) -> Shape:
    head = head[:HEAD]
    _refuse_other_kinds(head, name)
    first = len(BOM) if head.startswith(BOM) else 0
    text = head[first:]
    if array := _INDENTED_ARRAY.match(text):
        return Shape(Form.INDENTED, array[1], structured=True, first=first)
    if _ARRAY.match(text):
        return Shape(Form.SCANNED, structured=True, first=first)
    if text.lstrip().startswith(b"{"):
        return _shape_of_objects(text, first)
    return Shape(Form.LINES, first=first)


def _shape_of_objects(text: bytes, first: int) -> Shape:
    lines = text.split(b"\n", _LINES_TRIED)
    if any(is_object(line) for line in lines):
        return Shape(Form.LINES, structured=True, first=first)
    if indented := _INDENTED_OBJECT.match(text):
        return Shape(Form.INDENTED, indented[1], structured=True, first=first)
    if len(lines) == 1:
        one_after_another = re.match(rb'\s*\{.*?\}\s*\{"', text, re.DOTALL) is not None
        return Shape(Form.SCANNED if one_after_another else Form.LINES, structured=True, first=first)
    return Shape(Form.LINES, structured=text.lstrip().startswith(b'{"'), first=first)


def is_object(line: bytes) -> bool:
    """Whether a line is one JSON object and nothing else."""
    return line.lstrip().startswith(b"{") and decoded(line) is not None


def decoded(raw: bytes) -> dict[str, Any] | None:
    """A JSON object, or None for what is none."""
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _refuse_other_kinds(head: bytes, name: str) -> None:
    for magic, kind, mend in _OTHER_KINDS:
        if head.startswith(magic):
            raise UnreadableError(f"{name} is {kind}", mend)
    control = len(head) - len(head.translate(None, _CONTROL))
    invalid = head.decode(errors="replace").count("\N{REPLACEMENT CHARACTER}")
    if control > _FEW + _MOST_CONTROL * len(head) or invalid > _FEW + _MOST_INVALID * len(head):
        raise UnreadableError(
            f"{name} is no log: its first {len(head):,} bytes are no text",
            "JSON, JSON lines and plain text are read, also packed by gzip or zstd",
        )
