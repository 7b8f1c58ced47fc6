"""From the confirmation of a shift to the first request that the new revision answers."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime
from typing import Any

import httpx

from benchmarks.figures import Figure
from benchmarks.local import cockpit
from tests.simulated import Local, running_simulator
from tests.terminal import Terminal

CANARY = "emergence-app-00279-kub"
RUNS = 3
PATIENCE = 60.0


def measure() -> list[Figure]:
    """A fresh service each time, shifted by keys; the request log says when the canary was first asked."""
    delays = [_delay() for _ in range(RUNS)]
    return [
        Figure(
            "shift confirmed to first request", statistics.median(delays), "s", note=f"median of {RUNS} shifts"
        ),
        Figure("shift confirmed to first request, worst", max(delays), "s"),
    ]


def _delay() -> float:
    with running_simulator() as local, cockpit(local) as terminal:
        confirmed = _shift(terminal)
        return _first_request(local, confirmed) - confirmed


def _shift(terminal: Terminal) -> float:
    """Give the canary half of the traffic; answers the wall time of the confirming key."""
    terminal.press("a")
    terminal.wait_text("ARMED")
    terminal.press("j")
    terminal.press("s")
    terminal.wait_text("Shift traffic")
    terminal.settle(0.5, 2.0)
    terminal.press("50")
    terminal.wait_text("+50")
    for key in ("enter", "right"):
        terminal.press(key)
        terminal.settle(0.2, 1.0)
    confirmed = time.time()
    terminal.press("enter")
    return confirmed


def _first_request(local: Local, since: float) -> float:
    """When the canary was first asked at the service's own URL, in epoch seconds."""
    query = (
        f'logName="projects/{local.project}/logs/run.googleapis.com%2Frequests" '
        f'resource.labels.revision_name="{CANARY}" timestamp>="{datetime.fromtimestamp(since, UTC).isoformat()}" '
        'NOT httpRequest.requestUrl:"---"'
    )
    body = {
        "resourceNames": [f"projects/{local.project}"],
        "filter": query,
        "orderBy": "timestamp asc",
        "pageSize": 1,
    }
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = httpx.post(
            f"http://{local.endpoint}/v2/entries:list", json=body, trust_env=False
        ).raise_for_status()
        entries: list[dict[str, Any]] = answer.json().get("entries", [])
        if entries:
            return datetime.fromisoformat(entries[0]["timestamp"]).timestamp()
        time.sleep(0.2)
    raise TimeoutError(f"no request reached {CANARY} within {PATIENCE:.0f} s of the shift")
