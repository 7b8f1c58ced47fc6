"""What is packed comes out whole, or as much of it as there is."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Callable

import pytest
import zstandard

from cockpit.sources.errors import UnreadableError
from cockpit.sources.files.shape import Packing, packing_of
from cockpit.sources.files.unpacking import unpacked

TEXT = b"".join(b"line %d of the log\n" % number for number in range(20_000)) + os.urandom(5000)
PACKERS: dict[Packing, Callable[[bytes], bytes]] = {Packing.GZIP: gzip.compress, Packing.ZSTD: zstandard.compress}


def whole(packed: bytes, packing: Packing) -> tuple[bytes, str]:
    """What comes out, and what is said of it."""
    found = b""
    try:
        for data in unpacked(io.BytesIO(packed).read, packing):
            found += data
    except UnreadableError as error:
        return found, str(error)
    return found, ""


@pytest.mark.parametrize("packing", PACKERS)
def test_several_members_are_one_log(packing: Packing) -> None:
    pack = PACKERS[packing]
    packed = pack(TEXT) + pack(b"") + pack(b"the last line\n")
    assert packing_of(packed) is packing
    assert whole(packed, packing) == (TEXT + b"the last line\n", "")


@pytest.mark.parametrize("packing", PACKERS)
@pytest.mark.parametrize("cut", [1, 9, 3000])
def test_of_a_truncated_file_there_is_what_came(packing: Packing, cut: int) -> None:
    found, said = whole(PACKERS[packing](TEXT)[:-cut], packing)
    assert "break off" in said
    assert TEXT.startswith(found)
    if cut < 10 and packing is Packing.GZIP:
        assert found == TEXT


@pytest.mark.parametrize("packing", PACKERS)
def test_damage_is_said_after_what_came_before(packing: Packing) -> None:
    pack = PACKERS[packing]
    damaged = bytearray(pack(TEXT))
    damaged[len(damaged) // 2] ^= 0xFF
    damaged[len(damaged) // 2 + 1] ^= 0xFF
    found, said = whole(pack(b"first\n") + bytes(damaged), packing)
    assert found.startswith(b"first\n")
    assert "damaged" in said or "break off" in said


def test_zeros_behind_a_gzip_are_padding_and_anything_else_is_said() -> None:
    packed = gzip.compress(TEXT)
    assert whole(packed + bytes(512), Packing.GZIP) == (TEXT, "")
    assert whole(packed + b"junk", Packing.GZIP)[1] == "something else follows the gzip data"


@pytest.mark.parametrize("packing", PACKERS)
def test_a_bomb_comes_in_parts(packing: Packing) -> None:
    packed = PACKERS[packing](bytes(1 << 26))
    sizes = [len(data) for data in unpacked(io.BytesIO(packed).read, packing)]
    assert sum(sizes) == 1 << 26
    assert max(sizes) <= 1 << 25
