"""The log of a service as one command reads it: whole also where the other side fails for a moment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.cli.service_log import ServiceLog
from cockpit.config import load
from cockpit.simulator.logs.messages import LogEntry
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.errors import UnreachableError
from cockpit.wiring.outside import wired
from tests.sources.local import CANARY, PROJECT, REF, REGION, serving

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from pathlib import Path

    from cockpit.config import Settings

ENTRIES = 2500
SECOND = 1_000_000_000


class FailingLogging(CloudLogging):
    """Cloud Logging that breaks off after the first page of each of its first lists."""

    failures = 2

    async def pages(self, query: str, **rest: Any) -> AsyncGenerator[Sequence[Any], None]:
        async for page in super().pages(query, **rest):
            yield page
            if self.failures:
                self.failures -= 1
                raise UnreachableError("the line is cut", "mend it")


def settings_at(home: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("COCKPIT_ENDPOINT", f"127.0.0.1:{port}")
    where = {"service.project": PROJECT, "service.region": REGION, "service.name": REF.service}
    return load(
        None, {"COCKPIT_ENDPOINT": f"127.0.0.1:{port}"}, {key: (value, "") for key, value in where.items()}
    )


def line(number: int, at: int) -> Any:
    made = LogEntry(log_name=f"projects/{PROJECT}/logs/run.googleapis.com%2Fstdout", insert_id=f"i{number}")
    made.resource.type = "cloud_run_revision"
    made.resource.labels.update(service_name=REF.service, revision_name=CANARY, location=REGION)
    made.text_payload = str(number)
    made.timestamp.FromNanoseconds(at)
    return made


@pytest.mark.parametrize("onward", [True, False])
async def test_every_entry_comes_once_though_lists_break_off(
    onward: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.time() - 60
    async with serving() as cloud:
        for number in range(ENTRIES):
            # Three entries share a moment: a list that is taken up again begins among them.
            cloud.logs.write(line(number, int(began) * SECOND + number // 3))
        async with wired(settings_at(tmp_path, cloud.port, monkeypatch)) as outside:
            log = ServiceLog(REF, outside, FailingLogging(outside.connection))
            pages = log.onward(began - 60, "") if onward else log.back(began - 60, "")
            found = [[int(record.text) for record in page] async for page in pages]
    numbers = [number for page in (found if onward else reversed(found)) for number in page]
    assert sorted(numbers) == list(range(ENTRIES))
    assert [number // 3 for number in numbers] == [number // 3 for number in range(ENTRIES)]
