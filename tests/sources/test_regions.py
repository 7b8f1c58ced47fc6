"""Services of several regions at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.sources.cloudrun import CloudRun
from cockpit.sources.connection import Connection
from cockpit.sources.errors import UnreachableError
from cockpit.sources.regions import services_of
from cockpit.sources.target import Target
from tests.sources.local import PROJECT, REF, REGION

if TYPE_CHECKING:
    from tests.sources.local import Cloud


async def test_a_region_that_fails_hides_no_other(cloud: Cloud, unused_tcp_port: int) -> None:
    endpoints = {REGION: cloud.port, "us-east1": cloud.port, "asia-east1": unused_tcp_port}

    def open_region(region: str) -> CloudRun:
        return CloudRun(Connection(Target(PROJECT, region, f"127.0.0.1:{endpoints[region]}")))

    found = await services_of(PROJECT, [*endpoints, REGION], open_region)
    assert list(found) == ["asia-east1", REGION, "us-east1"]
    assert isinstance(found["asia-east1"], UnreachableError)
    assert found["us-east1"] == ()
    here = found[REGION]
    assert isinstance(here, tuple)
    assert [service.ref for service in here] == [REF]
    assert cloud.faults.calls["ListServices"] == 2
