"""Whole simulators for tests: as a process of its own, or inside the test's event loop for fine control."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

START_SECONDS = 30.0
STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Local:
    """What a started simulator announced; `tags` are the URLs of the tags, `process` is its own."""

    endpoint: str
    project: str
    region: str
    service: str
    url: str
    tags: dict[str, str]
    pid: int
    scenario: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return int(self.endpoint.rpartition(":")[2])


@contextmanager
def running_simulator(scenario: str = "healthy", *options: str) -> Iterator[Local]:
    """`cockpit simulate SCENARIO OPTIONS` while the block runs; it ends with the test, however that ends."""
    command = [sys.executable, "-m", "cockpit", "simulate", scenario, "--until-eof", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Local(**_announced(process), process=process)
        finally:
            # Popen's own exit waits without end: what does not stop by itself must be gone by then.
            _stop(process)


def _announced(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"the simulator ended with {process.wait(STOP_SECONDS)} before it was ready"
    announced: dict[str, Any] = json.loads(line)
    return announced


def _stop(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
