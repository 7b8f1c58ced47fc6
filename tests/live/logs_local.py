"""Live logs on a local Cloud Logging, and what is written there."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from cockpit.config.logs import LogsSettings
from cockpit.live.budget import Budget
from cockpit.live.clock import Clock
from cockpit.live.logs.service import LiveLogs, LogMeans
from cockpit.live.metered import MeteredLogging
from cockpit.simulator.logs.messages import LogEntry
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.connection import Connection
from cockpit.sources.tail import TailPace
from cockpit.sources.target import Target
from tests.sources.local import PROJECT, REF, REGION, STABLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cockpit.logs.entry import Row
    from cockpit.simulator.logs import LogStore
    from cockpit.sources.tail import Logging

PACE = TailPace(
    window=0.02,
    start=600.0,
    recall=1e6,
    grace=0.05,
    settle=0.3,
    first_retry=0.02,
    last_retry=0.1,
    poll=0.1,
    poll_for=0.5,
)
SETTINGS = LogsSettings(
    entries=100_000,
    memory_mib=64,
    backfill_minutes=10,
    backfill_entries=5000,
    filter="",
    time="utc",
    components=(),
)


def connection_to(port: int) -> Connection:
    """To the local Cloud Run on that port."""
    return Connection(Target(PROJECT, REGION, f"127.0.0.1:{port}"))


def live_logs(logging: Logging, pace: TailPace = PACE, **settings: object) -> LiveLogs:
    """The log of `emergence-app`, not yet followed."""
    budget = Budget(Clock(), lists=60_000)
    means = LogMeans(
        logging=MeteredLogging(logging, budget),
        urgent=MeteredLogging(logging, budget, urgent=True),
        settings=msgspec.structs.replace(SETTINGS, **settings),
        clock=Clock(),
        pace=pace,
        failed_after=30.0,
    )
    return LiveLogs(REF, means, lambda: None)


@asynccontextmanager
async def following(logs: LiveLogs) -> AsyncIterator[LiveLogs]:
    """Follow while the block runs."""
    task = asyncio.create_task(logs.run())
    try:
        yield logs
    finally:
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()


@asynccontextmanager
async def followed(port: int, pace: TailPace = PACE, **settings: object) -> AsyncIterator[LiveLogs]:
    """The log on that port, followed while the block runs."""
    connection = connection_to(port)
    try:
        async with following(live_logs(CloudLogging(connection), pace, **settings)) as logs:
            yield logs
    finally:
        await connection.close()


def entry_of(text: str, ahead: float = 0.0, *, log: str = "stderr", revision: str = STABLE, **fields: Any) -> Any:
    """An entry of the service's, of now or of so many seconds later."""
    entry = LogEntry(log_name=f"projects/{PROJECT}/logs/run.googleapis.com%2F{log}", text_payload=text, **fields)
    entry.resource.type = "cloud_run_revision"
    entry.resource.labels.update(
        project_id=PROJECT, service_name=REF.service, revision_name=revision, location=REGION
    )
    entry.labels["instanceId"] = f"{revision}-1"
    entry.timestamp.FromNanoseconds(time.time_ns() + round(ahead * 1e9))
    return entry


def write(store: LogStore, text: str, ahead: float = 0.0, **fields: Any) -> None:
    """Log it."""
    store.write(entry_of(text, ahead, **fields))


def rows(logs: LiveLogs) -> list[Row]:
    """All that is at hand, in the order of time."""
    return [logs.store.row(int(number)) for number in logs.store.order]


def texts(logs: LiveLogs) -> list[str]:
    """Their texts."""
    return [row.text for row in rows(logs)]
