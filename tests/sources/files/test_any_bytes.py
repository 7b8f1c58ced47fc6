"""Whatever bytes a file has: it is read or refused in a line, and never raises anything else."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cockpit.logs.names import Names
from cockpit.sources.errors import SourceError
from cockpit.sources.files.index import planned
from cockpit.sources.files.opening import opened
from cockpit.sources.files.payloads import payload_at
from cockpit.sources.files.segments import segment_of
from cockpit.sources.files.slices import batches
from cockpit.sources.files.stream import Stream
from tests.sources.files.exports import FORMS, compact, entries, entry, gcloud, json_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cockpit.sources.files.batch import Batch

DEEP = 100_000
LOGS = [write(entries(4)) for write in FORMS.values()]
BEGINNINGS = [b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"[", b"[\n  {\n", b'{"a']
ODD = st.one_of(
    st.binary(max_size=2000),
    st.text(max_size=500).map(lambda text: text.encode(errors="surrogatepass")),
    st.builds(
        lambda log, at, junk: log[: at % len(log)] + junk + log[at % len(log) :],
        st.sampled_from(LOGS),
        st.integers(0, 4000),
        st.binary(max_size=20),
    ),
    st.builds(
        bytes.__add__,
        st.sampled_from([b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"[", b"[\n  {\n", b'{"a']),
        st.binary(),
    ),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs") / "any"


def read(path: Path) -> list[Batch]:
    """All there is in the file, as a part of it and as a stream, which is the same."""
    file = opened(str(path))
    try:
        streamed: list[Batch] = []
        Stream(file.descriptor, "any", emit=streamed.append, ready=lambda: True, keeps=True).run()
        if (shape := file.parts_shape) is not None:
            plan = planned(file.descriptor, shape, file.size, grows=False)
            parts = (plan.screen, *plan.parts)
            sliced = [batch for part in parts for batch in batches(file.descriptor, shape, part)]
            assert sum(batch.rows for batch in sliced) == sum(batch.rows for batch in streamed)
            assert sum(batch.broken_count for batch in sliced) == sum(batch.broken_count for batch in streamed)
            for batch in sliced:
                segment = segment_of(batch, Names())
                for row in range(len(segment)):
                    assert payload_at(file, segment.payload_base + int(segment.payloads[row])) is not None
        return streamed
    finally:
        file.close()


@given(ODD)
@settings(max_examples=100, deadline=None)
@example(b"[" * 5000)
@example(b'{"a":' * 5000)
@example(b'[\n  {\n    "a": ' + b"[" * 5000)
@example(b"\xef\xbb\xbf")
@example(b"\xef\xbb\xbf\n")
@example(b"\n \r\n,")
def test_any_bytes_are_read_or_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    found: list[Batch] = []
    with contextlib.suppress(SourceError):
        found = read(path)
    for batch in found:
        segment = segment_of(batch, Names())
        assert len([segment.text(row) for row in range(len(segment))]) == batch.rows
        assert all(piece.why for piece in batch.broken)


@pytest.mark.parametrize("write", [json_lines, gcloud, compact])
def test_one_monstrous_entry_costs_no_other(write: Callable[[list[dict[str, Any]]], bytes], path: Path) -> None:
    deep = json_lines([entry(5, jsonPayload="NESTED")]).strip().replace(b'"NESTED"', b"[" * DEEP + b"]" * DEEP)
    data = write([*entries(2), entry(2, textPayload="x" * 2_000_000), entry(3)])
    if write is json_lines:
        data += deep + b"\n" + json_lines([entry(4)])
    path.write_bytes(data)
    found = read(path)
    assert sum(batch.rows for batch in found) == (5 if write is json_lines else 4)
    assert [piece.why for batch in found for piece in batch.broken] == (
        ["nests too deeply to be read"] if write is json_lines else []
    )
    texts = [segment_of(batch, Names()).text(row) for batch in found for row in range(batch.rows)]
    assert sorted(map(len, texts))[-1] == 1 << 18


def test_what_trickles_through_a_pipe_is_handed_over_soon() -> None:
    reading, writing = os.pipe()
    lines = [json_lines([each]) for each in entries(30)]
    found: list[Batch] = []
    seen: list[int] = []
    now = 0.0

    def ready() -> bool:
        nonlocal now
        now += 0.02
        seen.append(sum(batch.rows for batch in found))
        if lines:
            os.write(writing, lines.pop(0))
        elif len(seen) == 31:
            os.close(writing)
        return True

    Stream(reading, "pipe", emit=found.append, ready=ready, keeps=True, clock=lambda: now).run()
    os.close(reading)
    assert seen[-1] >= 20, "it was never quiet, and yet"
    assert sum(batch.rows for batch in found) == 30
