"""What a file holds is told by how it begins."""

from __future__ import annotations

import gzip
import os

import pytest
import zstandard

from cockpit.sources.errors import UnreadableError
from cockpit.sources.files.shape import Form, Packing, Shape, packing_of, shape_of
from tests.sources.files.exports import FORMS, entries

LINES = Shape(Form.LINES)
JSON_LINES = Shape(Form.LINES, structured=True)


@pytest.mark.parametrize(
    ("head", "shape"),
    [
        (FORMS["json lines"](entries(3)), JSON_LINES),
        (b'\n  {"message": "a"}\n', JSON_LINES),
        (b'{"message": "cut sho', JSON_LINES),
        (b'{"message": "cut sho\n{"message": "whole"}\n', JSON_LINES),
        (FORMS["gcloud's array"](entries(3)), Shape(Form.INDENTED, b"  ", structured=True)),
        (FORMS["indented array"](entries(3)), Shape(Form.INDENTED, b"    ", structured=True)),
        (b'[\r\n\t{\r\n\t\t"a": 1\r\n\t}\r\n]', Shape(Form.INDENTED, b"\t", structured=True)),
        (FORMS["pretty objects"](entries(3)), Shape(Form.INDENTED, b"", structured=True)),
        (
            b"\xef\xbb\xbf" + FORMS["gcloud's array"](entries(1)),
            Shape(Form.INDENTED, b"  ", structured=True, first=3),
        ),
        (FORMS["compact array"](entries(3)), Shape(Form.SCANNED, structured=True)),
        (b'[\n{"a":1},\n{"a":2}\n]\n', Shape(Form.SCANNED, structured=True)),
        (b'{"a":1}{"a":2}{"a"', Shape(Form.SCANNED, structured=True)),
        (b"[]", Shape(Form.SCANNED, structured=True)),
        (b"[", Shape(Form.SCANNED, structured=True)),
        (FORMS["plain text"](entries(3)), LINES),
        (b"[2025-10-10 02:12:27] INFO begins with a bracket\n", LINES),
        (b"{not json} but text\nand more\n", LINES),
        (b'INFO: started\n{"message": "later"}\n', LINES),
        ("Échec de l’envoi\n".encode(), LINES),
        ("Échec".encode("latin-1") + b" de l'envoi, and not in UTF-8\n", LINES),
        (b"\x1b[32mINFO\x1b[0m coloured \x00 and hostile, but mostly text, as a log may well be\n", LINES),
        (b"", LINES),
    ],
)
def test_recognises(head: bytes, shape: Shape) -> None:
    assert shape_of(head, "app.log", near=0) == shape


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (bytes(range(256)) * 4, "no log"),
        (b"\x7fELF\x02\x01\x01" + bytes(64), "no log"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"BZh9rest", "bzip2"),
        (b"\xfd7zXZ\x00rest", "xz"),
        (b"SQLite format 3\x00", "SQLite"),
        ('{"message": "wide"}'.encode("utf-16"), "UTF-16"),
    ],
)
def test_refuses_other_kinds_by_name_and_with_a_mend(head: bytes, said: str) -> None:
    with pytest.raises(UnreadableError, match=f"app.log is .*{said}") as caught:
        shape_of(head, "app.log", near=0)
    assert caught.value.mend


def test_recognises_packings() -> None:
    assert packing_of(gzip.compress(b"a")) is Packing.GZIP
    assert packing_of(zstandard.compress(b"a")) is Packing.ZSTD
    assert packing_of(b'{"a": 1}') is packing_of(b"") is Packing.NONE


def test_noise_is_no_log() -> None:
    with pytest.raises(UnreadableError):
        shape_of(os.urandom(4096), "noise", near=0)
