"""The cockpit's reader of files without a screen: `python -m benchmarks.log_file_reader PATH [SECONDS]`.

Prints a line of JSON for the first screen, when the newest entries are at hand, and one when all are: seconds of
the wall clock since the epoch, and how many there are. With SECONDS it follows the file for so long and prints how
many came meanwhile, and the CPU seconds that this took.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from cockpit.config.logs import LogsSettings
from cockpit.live.logs.file import FileLogs

SETTINGS = LogsSettings(
    entries=1_000_000, memory_mib=256, backfill_minutes=1, backfill_entries=1, filter="", time="utc", components=()
)
SCREEN = 60


async def read(path: str, seconds: float) -> None:
    """Read the file, and say when."""
    async with FileLogs(path, SETTINGS, follow=seconds > 0) as logs:
        logs.store.rows(logs.store.order[-SCREEN:])
        say("first", entries=len(logs.store))
        await logs.read_all()
        say("indexed", entries=len(logs.store), bytes=logs.store.size)
        if seconds:
            before, cpu = len(logs.store), time.process_time()
            await asyncio.sleep(seconds)
            say("followed", entries=len(logs.store) - before, cpu=time.process_time() - cpu)
        await asyncio.to_thread(sys.stdin.read)  # who measures the memory says when it is done


def say(what: str, **figures: float) -> None:
    """A line for whoever started this."""
    print(json.dumps({"what": what, "at": time.time(), **figures}), flush=True)


if __name__ == "__main__":
    asyncio.run(read(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0.0))
