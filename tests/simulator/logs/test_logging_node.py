"""Node's stock client on the log service.

Needs node, and in `COCKPIT_NODE_MODULES` the `node_modules` that `npm ci` makes from `tests/simulator/node`.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cockpit.simulator.logs import LogStore

PROJECT = "emergence-469005"
MODULES = Path(os.environ.get("COCKPIT_NODE_MODULES", "node_modules"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(
        not (MODULES / "@google-cloud" / "logging").is_dir(),
        reason="COCKPIT_NODE_MODULES is no node_modules with @google-cloud/logging in it",
    ),
]


async def test_node_writes_lists_and_tails(grpc_target: Any, until: Any, entry: Callable[..., Any]) -> None:
    store = LogStore()
    host, port = (await grpc_target(store)).split(":")
    script = Path(__file__).with_name("logging_client.mjs")
    process = await asyncio.create_subprocess_exec("node", str(script), host, port, PROJECT, stdout=-1, stderr=-1)
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        if await process.stdout.readline() != b"tailing\n":
            pytest.fail((await process.stderr.read()).decode())
        await until(lambda: len(store.tails) == 1)
        store.write(entry("quiet"))
        store.write(entry("loud", severity=500))
        seen = json.loads(await process.stdout.readline())
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert seen["listed"] == ["from node", {"message": "structured", "n": 2}]
    assert seen["refused"]["code"] == 3
    assert "field not found: 'thud' at line 1, column" in seen["refused"]["details"]
    assert seen["tailed"] == ["loud"]
    await until(lambda: len(store.tails) == 0)
