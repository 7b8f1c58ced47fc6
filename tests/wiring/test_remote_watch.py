"""A session on a remote engine: it asks for the series of its own service."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from cockpit import config
from cockpit.live.clock import Clock
from cockpit.live.telemetry import Telemetry
from cockpit.release.service import ServiceRef
from cockpit.wiring.metrics import Metering
from tests.sources.hostile import hostile_server

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = json.dumps({"status": "success", "data": {"resultType": "vector", "result": []}}).encode()


async def test_two_services_of_one_cockpit_are_asked_for_apart(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    async with hostile_server() as server:
        server.always("/api/v1/query", "200 OK", EMPTY)
        path.write_text(f'[metrics]\nengine = "{server.url}"\n[metrics.remote.labels]\nservice = "job"\n')
        metering = Metering(config.load(path, {}), Clock(), Telemetry())
        watches = [metering.watch(ServiceRef("p", "r", name), lambda: None) for name in ("app", "other")]
        try:
            await asyncio.gather(*(watch.engine.instant("sum(up)", 0) for watch in watches))
        finally:
            for watch in watches:
                await watch.stop()
            await metering.close()
    asked = {parse_qs(each.body.decode())["query"][0] for each in server.received}
    assert asked == {'sum(up{job=~"app|"})', 'sum(up{job=~"other|"})'}
