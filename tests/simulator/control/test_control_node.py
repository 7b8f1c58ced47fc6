"""Google's Node client against the simulator.

Needs node, and in `COCKPIT_NODE_MODULES` the `node_modules` that `npm ci` makes from `tests/simulator/node`.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest

from cockpit.simulator.seams import Share
from tests.simulator.plane import APP, CANARY, PARENT, STABLE, Plane

NODE = shutil.which("node")
MODULES = Path(os.environ.get("COCKPIT_NODE_MODULES", "node_modules"))
SCRIPT = Path(__file__).parents[1] / "node" / "shift.cjs"
SECONDS = 60.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NODE is None, reason="node is not installed"),
    pytest.mark.skipif(
        not (MODULES / "@google-cloud" / "run").is_dir(),
        reason="COCKPIT_NODE_MODULES is no node_modules with @google-cloud/run in it",
    ),
]


async def test_the_node_client_lists_shifts_and_waits(plane: Plane) -> None:
    assert NODE is not None
    process = await asyncio.create_subprocess_exec(
        NODE,
        str(SCRIPT),
        *(str(plane.port), PARENT, APP, STABLE, CANARY),
        env={"NODE_PATH": str(MODULES), "PATH": os.environ.get("PATH", "")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    except BaseException:
        process.kill()
        await process.wait()
        raise
    assert process.returncode == 0, err.decode()
    assert json.loads(out) == {
        "services": [APP],
        "revisions": [f"{APP}/revisions/{CANARY}", f"{APP}/revisions/{STABLE}"],
        "serving": [[STABLE, 60, ""], [CANARY, 40, "node"]],
        "refusal": {"code": 5, "details": f"Resource '{PARENT}/services/nope' was not found"},
    }
    assert plane.world.serving("app") == (Share(STABLE, 60, ""), Share(CANARY, 40, "node"))
