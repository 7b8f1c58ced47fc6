"""Child processes, and the lines they print."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.simulator.children import LONGEST_LINE, Child, lines_of


async def split(*chunks: bytes) -> list[bytes]:
    """The lines of a stream that arrives in these pieces."""
    reader = asyncio.StreamReader()
    for chunk in chunks:
        reader.feed_data(chunk)
    reader.feed_eof()
    return [line async for line in lines_of(reader)]


@given(st.binary(max_size=400))
def test_lines_are_those_of_the_bytes_without_the_empty_ones(data: bytes) -> None:
    expected = [line.rstrip(b"\r") for line in data.split(b"\n")]
    assert asyncio.run(split(data)) == [line for line in expected if line]


async def test_the_last_line_needs_no_newline() -> None:
    assert await split(b"one\r\n\ntw", b"o") == [b"one", b"two"]


async def test_long_lines_are_cut() -> None:
    line = b"x" * (3 * LONGEST_LINE)
    lines = await split(line + b"\nshort\n")
    assert max(map(len, lines)) == LONGEST_LINE
    assert lines[-1] == b"short"
    assert b"".join(lines[:-1]) == line


@pytest.mark.slow
async def test_a_child_stops_when_asked_and_is_reaped() -> None:
    child = await Child.start("http.server", ["--bind", "127.0.0.1", "0"], captured=True)
    await child.stop(5)
    assert await child.wait() == -signal.SIGTERM
    assert not psutil.pid_exists(child.pid)


STUBBORN = (
    "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); signal.pause()"
)


@pytest.mark.slow
async def test_a_child_that_ignores_sigterm_is_killed(tmp_path_factory: pytest.TempPathFactory) -> None:
    module = tmp_path_factory.mktemp("modules") / "stubborn.py"
    module.write_text(STUBBORN)
    child = await Child.start("stubborn", [], environment={"PYTHONPATH": str(module.parent)}, captured=True)
    assert child.stdout is not None
    assert await child.stdout.readline() == b"on\n"
    await child.stop(0.1)
    assert await child.wait() == -signal.SIGKILL


PARENT = """
import asyncio, sys
from cockpit.simulator.children import Child
async def main():
    child = await Child.start("cockpit.simulator.callers", ["--target", "127.0.0.1:1", "--host", "x"])
    print(child.pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


@pytest.mark.slow
def test_a_child_leaves_when_its_parent_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        os.kill(parent.pid, signal.SIGKILL)
    gone, alive = psutil.wait_procs([child], timeout=10)
    assert (gone, alive) == ([child], [])
