"""lnav beside us, told how entries of Cloud Logging are written: it knows their times and severities, too."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 300.0

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_FORMAT = {
    "$schema": "https://lnav.org/schemas/format-v1.schema.json",
    "cloud_logging": {
        "title": "Cloud Logging",
        "description": "Entries of Cloud Logging, an object a line",
        "json": True,
        "hide-extra": True,
        "file-pattern": ".*\\.jsonl",
        "timestamp-field": "timestamp",
        "level-field": "severity",
        "body-field": "textPayload",
        "level": {level.lower(): level for level in _LEVELS},
        "line-format": [
            {"field": "timestamp"},
            " ",
            {"field": "severity", "default-value": ""},
            " ",
            {"field": "textPayload", "default-value": ""},
        ],
        "value": {name: {"kind": "string"} for name in ("severity", "textPayload")},
    },
}


@contextmanager
def lnav_home() -> Iterator[dict[str, str]]:
    """The environment of an lnav that has nothing but this format."""
    with tempfile.TemporaryDirectory() as home:
        formats = Path(home, ".lnav", "formats", "installed")
        formats.mkdir(parents=True)
        (formats / "cloud_logging.json").write_text(json.dumps(_FORMAT), encoding="utf-8")
        yield {"HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


@contextmanager
def indexing(path: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """An lnav without a screen that indexes a file and leaves; waited for at the end."""
    command = ["lnav", "-N", "-n", "-q", "-c", ":goto 100%", str(path)]
    with (
        Path(os.devnull).open("r+b") as nothing,
        subprocess.Popen(command, env=environment, stdin=nothing, stdout=nothing) as process,
    ):
        yield process
        process.wait(PATIENCE)


def seconds_to_index(path: Path, environment: dict[str, str]) -> float:
    """Seconds from exec until it has left."""
    started = time.perf_counter()
    with indexing(path, environment):
        pass
    return time.perf_counter() - started
