"""Records a snapshot every few milliseconds until it is killed: -m tests.live.recording.dying FOLDER."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.live.recording.bounds import Bounds
from cockpit.live.recording.recorder import Recorder
from tests.live.recording.test_recording_reading import ABOUT
from tests.live.replay.recorded import BEGUN, snapshots

if TYPE_CHECKING:
    from cockpit.live.snapshot import Snapshot

PAUSE = 0.01


def numbered(like: Snapshot, number: int) -> Snapshot:
    """A snapshot that says which one it is."""
    return replace(like, at=like.at + number * PAUSE, last_words={"number": str(number)})


def main() -> None:
    """Record for ever."""
    began = time.monotonic()
    recorder = Recorder(Path(sys.argv[1]), ABOUT, Bounds(1 << 30, 1e9), lambda: BEGUN + time.monotonic() - began)
    recorder.start()
    [like] = snapshots(seconds=1)
    for number in range(1_000_000):
        recorder.inbox.snapshot(numbered(like, number))
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
