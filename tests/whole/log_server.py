"""A local Cloud Logging as a process to be killed: `python -m tests.whole.log_server PORT FILE SEED`.

What was ever logged is in FILE, which somebody else writes (serialized LogEntries, each after its length): as in
the cloud, the log outlives who serves it. Entries arrive late, reach a tail out of order, and can be listed only
after a while.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.simulator.logs import LogSettings, LogStore, Quirks, handlers
from cockpit.simulator.logs.messages import LogEntry
from cockpit.simulator.port import listen
from cockpit.simulator.server import Server

if TYPE_CHECKING:
    from io import BufferedReader

PREFIX = 4
LATE_SECONDS = 0.4


async def main(port: int, path: Path, seed: int) -> None:
    """Serve until killed; the port is said on standard output."""
    quirks = Quirks(
        index_lag=(0.02, 0.2),
        late_share=0.05,
        late_by=LATE_SECONDS,
        reorder_share=0.2,
        reorder_by=0.2,
        empty_pages=0.1,
        seed=seed,
    )
    store = LogStore(settings=LogSettings(quirks=quirks))
    with path.open("rb") as written:
        take(written, store)
        async with Server(listen(port), grpc_handlers=handlers(store), routes=[]) as server:
            sys.stdout.write(f"{server.port}\n")
            sys.stdout.flush()
            while True:
                take(written, store)
                await asyncio.sleep(0.01)


def take(written: BufferedReader, store: LogStore) -> None:
    """Log what was written since; what is half written is left for later."""
    while True:
        prefix = written.read(PREFIX)
        length = int.from_bytes(prefix) if len(prefix) == PREFIX else 0
        body = written.read(length)
        if not body or len(body) < length:
            written.seek(-len(prefix) - len(body), 1)
            return
        store.write(LogEntry.FromString(body))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
