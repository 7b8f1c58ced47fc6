"""`cockpit simulate`, as a user meets it: real processes, real signals."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulated import Local

COCKPIT = [sys.executable, "-m", "cockpit"]


def cockpit(*words: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run([*COCKPIT, *words], capture_output=True, text=True, timeout=60, check=False)


def get(local: Local, path: str, tag: str = "") -> httpx.Response:
    """One request to the service, or to a tag of it."""
    host = f"{tag}---{local.service}" if tag else local.service
    url = f"http://{local.endpoint}{path}"
    return httpx.get(url, headers={"host": f"{host}.localhost:{local.port}"}, timeout=30, trust_env=False)


@pytest.mark.slow
def test_the_list_names_every_scenario() -> None:
    told = cockpit("simulate", "--list", "--json")
    names = [scenario["name"] for scenario in json.loads(told.stdout)]
    assert names[0] == "healthy"
    assert {"bad-canary", "crash-on-start", "image-missing", "log-storm", "busy-fleet"} <= set(names)
    assert all(name in cockpit("simulate", "--list").stdout for name in names)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["simulate", "no-such-thing"], "no-such-thing"),
        (["simulate", "--port", "70000"], "70000"),
        (["simulate", "--load", "-1"], "-1"),
        (["simulate", "deploy", "--endpoint", "127.0.0.1:1", "--suffix", "Not/Good"], "Not/Good"),
        (["simulate", "deploy", "--endpoint", "127.0.0.1:1", "--suffix", "x", "--fault", "gremlins"], "gremlins"),
        (["simulate", "deploy", "--suffix", "x"], "--endpoint"),
    ],
)
def test_bad_input_gets_one_line_its_mend_and_exit_code_2(words: list[str], named: str) -> None:
    told = cockpit(*words)
    assert told.returncode == 2
    assert told.stdout == ""
    problem, mend = told.stderr.splitlines()
    assert named in problem + mend
    assert mend.startswith("  mend: ")


@pytest.mark.slow
def test_a_port_in_use_gets_one_line_its_mend_and_exit_code_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = cockpit("simulate", "--port", str(taken.getsockname()[1]))
    assert told.returncode == 2
    assert told.stderr.endswith("mend: choose another --port\n")
    assert len(told.stderr.splitlines()) == 2


@pytest.mark.slow
def test_a_simulator_that_is_not_there_is_exit_code_5() -> None:
    told = cockpit("simulate", "deploy", "--endpoint", "127.0.0.1:1", "--suffix", "x")
    assert told.returncode == 5
    assert "nothing answers at 127.0.0.1:1" in told.stderr


@pytest.mark.slow
def test_the_service_and_its_tag_answer(simulator: Callable[..., Local]) -> None:
    local = simulator("healthy", "--load", "0")
    assert local.url == f"http://emergence-app.localhost:{local.port}"
    assert local.tags == {"canary": f"http://canary---emergence-app.localhost:{local.port}"}
    assert get(local, "/api/health").json()["revision"] == "emergence-app-00275-2jb"
    assert get(local, "/api/health", tag="canary").json()["revision"] == "emergence-app-00279-kub"
    assert get(local, "/api/health", tag="nobody").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_outlives_the_simulator(simulator: Callable[..., Local], number: signal.Signals) -> None:
    local = simulator("healthy", "--load", "5")
    assert get(local, "/api/health").status_code == 200
    children = psutil.Process(local.pid).children(recursive=True)
    assert len(children) >= 2  # an instance and the load
    os.kill(local.pid, number)
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
    assert len(gone) == len(children)
    assert local.process.wait(10) == (-signal.SIGKILL if number == signal.SIGKILL else 0)


@pytest.mark.slow
def test_a_deployed_canary_answers_under_its_tag(simulator: Callable[..., Local]) -> None:
    local = simulator("healthy", "--load", "0")
    flags = ["--endpoint", local.endpoint, "--suffix", "00280-new", "--no-traffic", "--tag", "canary"]
    told = cockpit("simulate", "deploy", *flags)
    assert told.returncode == 0, told.stderr
    assert "emergence-app-00280-new is ready" in told.stdout
    assert get(local, "/api/health", tag="canary").json()["revision"] == "emergence-app-00280-new"
    assert get(local, "/api/health").json()["revision"] == "emergence-app-00275-2jb"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--fault", "crash-on-start"], "failed to start and listen on the port"),
        (["--image", "example.com/app:missing"], "Image 'example.com/app:missing' not found."),
    ],
)
def test_a_revision_that_cannot_start_is_told_in_one_line(
    simulator: Callable[..., Local], flags: list[str], reason: str
) -> None:
    local = simulator("healthy", "--load", "0")
    told = cockpit("simulate", "deploy", "--endpoint", local.endpoint, "--suffix", "00280-bad", *flags)
    assert told.returncode == 1
    assert reason in told.stderr
    assert len(told.stderr.splitlines()) == 1
    assert get(local, "/api/health").json()["revision"] == "emergence-app-00275-2jb"


@pytest.mark.slow
def test_it_is_ready_soon(simulator: Callable[..., Local]) -> None:
    started = time.monotonic()
    simulator("healthy")
    assert time.monotonic() - started < 10  # about 1.5 s on a machine of its own
