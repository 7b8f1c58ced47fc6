"""What is loaded before the screen is there: a fresh interpreter tells."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = (
    "cockpit.live.assembly",
    "cockpit.simulator",
    "google",
    "grpc",
    "httpx",
    "numpy",
    "plotext",
    "prometheus_client",
    "promql_parser",
    "sqlite3",
    "starlette",
    "uvicorn",
)

PAINT = """
import asyncio, json, sys
from cockpit.config import load
from cockpit.wiring.screen import app_of

async def main():
    async with app_of(load(None, {}, {"service.endpoint": ("127.0.0.1:9", "test")})) as app:
        painted = []
        async def connected():
            painted.extend(sys.modules)
            return None, None
        app._connect = connected
        async with app.run_test():
            pass
        print(json.dumps(painted))

asyncio.run(main())
"""


def test_the_first_paint_loads_nothing_that_it_does_not_draw() -> None:
    """The Google clients, HTTP, SQLite and the live room come after it."""
    done = subprocess.run([sys.executable, "-c", PAINT], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(json.loads(done.stdout))
    assert "cockpit.tui.app" in loaded
    assert [module for module in HEAVY if module in loaded] == []
