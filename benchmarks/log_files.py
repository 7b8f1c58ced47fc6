"""A downloaded log of a million entries: until something is seen, until all is indexed, and in how much memory.

Beside lnav and toolong where they are installed. Ours is measured without a screen, from exec, imports included.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.figures import Figure
from benchmarks.lnav import PATIENCE, indexing, lnav_home, seconds_to_index
from benchmarks.log_exports import BEGIN, lines, write_array, write_lines
from tests.terminal import Terminal

ENTRIES = 1_000_000
ROUNDS = 3
RATE = 1000
FOLLOWED_SECONDS = 10.0
SAMPLING_SECONDS = 0.05
SHOWN = ("insertId", "timestamp", f"{BEGIN:%Y-%m-%dT}")
"""One of these is on every screenful of entries, however a program shows them."""

_MB = 1e6


@dataclass(slots=True)
class Reading:
    """How one program read one file: seconds from exec, and the most memory its processes had, in MB."""

    first: float
    indexed: float = float("nan")
    memory: float = float("nan")
    entries: int = 0
    kept: float = 0.0
    followed: dict[str, Any] = field(default_factory=dict)


def measure() -> list[Figure]:
    """JSON lines and one array, by every program that is here."""
    with tempfile.TemporaryDirectory() as folder:
        as_lines, as_array = Path(folder, "export.jsonl"), Path(folder, "export.json")
        write_lines(as_lines, ENTRIES)
        figures = _compared(as_lines, "JSON lines", first=0.4, indexed=6.0, memory=180.0, times_lnav=1.3)
        as_lines.unlink()
        write_array(as_array, ENTRIES)
        figures += _compared(as_array, "one array", first=0.5, indexed=8.0, memory=200.0)
        as_array.unlink()
        return figures + _following(Path(folder, "growing.jsonl"))


def _compared(
    path: Path, form: str, *, first: float, indexed: float, memory: float, times_lnav: float | None = None
) -> list[Figure]:
    """Each program in turn, so that a machine that drifts drifts for all; the best of each counts."""
    ours, lnav = [], []
    for _ in range(ROUNDS):
        ours.append(_ours(path))
        if shutil.which("lnav"):
            lnav.append(_lnav(path))
    name = f"{ENTRIES:,} entries, {form}"
    note = f"{path.stat().st_size / _MB:,.0f} MB, best of {ROUNDS}"
    figures = [
        Figure(f"{name}: first screen", min(each.first for each in ours), "s", first, note),
        Figure(f"{name}: indexed", min(each.indexed for each in ours), "s", indexed, note),
        Figure(f"{name}: memory of all processes", max(each.memory for each in ours), "MB", memory, "at its most"),
        Figure(f"{name}: kept of an entry", ours[0].kept, "bytes", 150),
    ]
    if lnav:
        is_known = times_lnav is not None
        how = "knows times and severities" if is_known else "as text"
        best = min(each.indexed for each in lnav)
        ratio = min(each.indexed for each in ours) / best
        figures += [
            Figure(f"{name}: indexed / lnav", ratio, "x", times_lnav),
            Figure(f"{name}: lnav, first screen", min(each.first for each in lnav), "s"),
            Figure(f"{name}: lnav, indexed", best, "s", note=how),
            Figure(f"{name}: lnav, memory", max(each.memory for each in lnav), "MB"),
        ]
        if is_known:
            bare = seconds_to_index(path, {"PATH": os.environ["PATH"], "HOME": str(path.parent)})
            figures.append(Figure(f"{name}: lnav, indexed", bare, "s", note="as text: knows neither"))
    return figures + _toolong(path, name)


def _ours(path: Path, seconds: float = 0.0) -> Reading:
    command = [sys.executable, "-m", "benchmarks.log_file_reader", str(path), str(seconds)]
    started = time.time()
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
        _sampled(process.pid) as peak,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        told = [json.loads(process.stdout.readline()) for _ in range(3 if seconds else 2)]
        time.sleep(2 * SAMPLING_SECONDS)
        process.stdin.close()
    first, indexed = told[0], told[1]
    return Reading(
        first["at"] - started,
        indexed["at"] - started,
        max(peak) / _MB,
        indexed["entries"],
        indexed["bytes"] / max(1, indexed["entries"]),
        told[-1],
    )


def _lnav(path: Path) -> Reading:
    """lnav without a screen indexes everything and leaves; with one it tells when the first entries are seen."""
    with lnav_home() as environment:
        started = time.perf_counter()
        with indexing(path, environment) as process, _sampled(process.pid) as peak:
            process.wait(PATIENCE)
        indexed = time.perf_counter() - started
        return Reading(_first_screen(["lnav", "-N", str(path)], environment), indexed, max(peak) / _MB)


def _toolong(path: Path, name: str) -> list[Figure]:
    if not shutil.which("tl"):
        return [Figure(f"{name}: toolong", float("nan"), "s", note="tl is not here (pip install toolong)")]
    return [Figure(f"{name}: toolong, first screen", _first_screen(["tl", str(path)], {}), "s")]


def _first_screen(command: list[str], environment: dict[str, str]) -> float:
    with Terminal(command, env=environment) as terminal:
        return terminal.wait(_shows_entries, PATIENCE) - terminal.started


def _shows_entries(lines: list[str]) -> bool:
    return any(said in line for line in lines for said in SHOWN)


def _following(path: Path) -> list[Figure]:
    """What it costs to follow a file to which somebody adds a thousand entries a second."""
    written = list(lines(int(RATE * (FOLLOWED_SECONDS + 10))))
    path.write_bytes(b"".join(written[:RATE]))
    done = threading.Event()

    def add() -> None:
        with path.open("ab", buffering=0) as file:
            for start in range(RATE, len(written), RATE // 50):
                file.write(b"".join(written[start : start + RATE // 50]))
                if done.wait(0.02):
                    return

    writer = threading.Thread(target=add)
    writer.start()
    try:
        followed = _ours(path, FOLLOWED_SECONDS).followed
    finally:
        done.set()
        writer.join()
    rate = followed["entries"] / FOLLOWED_SECONDS
    note = f"{rate:,.0f} entries/s came, without a screen"
    return [Figure("following a file: CPU", 100 * followed["cpu"] / FOLLOWED_SECONDS, "% of a core", 10, note)]


@contextmanager
def _sampled(pid: int) -> Iterator[list[int]]:
    """Samples of the bytes that a process and its children take, shared pages counted once."""
    peak, done = [0], threading.Event()

    def sample() -> None:
        while not done.wait(SAMPLING_SECONDS):
            try:
                family = [process := psutil.Process(pid), *process.children(recursive=True)]
                peak.append(sum(_own(each) for each in family))
            except psutil.Error:
                continue  # one of them ended meanwhile

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def _own(process: psutil.Process) -> int:
    """Proportional set size where the system knows it (Linux), else the unique one (macOS)."""
    memory = process.memory_full_info()
    return int(getattr(memory, "pss", memory.uss))
