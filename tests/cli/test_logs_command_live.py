"""`cockpit logs` on a live service, and on pipes that go on and readers that leave."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from cockpit.cli.exits import Exit
from tests.cli.commands import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.commands import CommandLine
    from tests.simulated import Local

pytestmark = pytest.mark.slow

STABLE, CANARY = "emergence-app-00275-2jb", "emergence-app-00279-kub"


@contextmanager
def started(cockpit: CommandLine, *words: str, stdin: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[str]]:
    """A command that runs on; it is gone when the block is left."""
    process = subprocess.Popen(
        cockpit.words("logs", *words),
        env=cockpit.env,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def visit(local: Local, path: str) -> None:
    """Ask the canary for something, through its tag."""
    headers = {"host": f"canary---{local.service}.localhost:{local.port}", "user-agent": "tester"}
    httpx.get(f"http://127.0.0.1:{local.port}{path}", headers=headers, timeout=SECONDS, trust_env=False)


def test_what_the_service_logged_oldest_first(cockpit: CommandLine) -> None:
    ended = cockpit.run("logs", "--json", "-log:requests")
    assert ended.code == Exit.OK
    entries = [json.loads(line) for line in ended.out.splitlines()]
    times = [entry["time"] for entry in entries]
    assert times == sorted(times)
    assert {STABLE} == {entry["revision"] for entry in entries}
    assert {"stderr", "varlog/system"} <= {entry["log"] for entry in entries}
    # The level of a container's line stands in its text.
    assert any(entry["severity"] == "INFO" and "read" in entry["flags"] for entry in entries)


def test_requests_of_a_revision_by_its_tag_and_of_what_there_is_not(cockpit: CommandLine) -> None:
    ended = cockpit.run("logs", "--last", "3", "--revision", "00275", "status:2xx", "method:get")
    assert ended.code == Exit.OK
    lines = ended.out.splitlines()
    assert len(lines) == 3
    assert all("  INFO    00275-2jb  GET  2" in line for line in lines)
    assert cockpit.run("logs", "--revision", "tag:beta").code == Exit.USAGE
    nothing = cockpit.run("logs", '"no such words"')
    assert (nothing.code, nothing.out) == (Exit.FAILED, "")
    assert "nothing found" in nothing.err
    gone = cockpit.run("logs", "--service", "gone", "--last", "1")
    assert gone.code == Exit.FAILED
    assert "service gone" in gone.err


def test_following_gives_what_comes_until_interrupted(cockpit: CommandLine, standing: Local) -> None:
    words = ("--follow", "--json", "--since", "10m", "--revision", "tag:canary", "log:requests", "agent:tester")
    with started(cockpit, *words) as process:
        assert process.stdout is not None
        entries = []
        for path in ("/api/health", "/api/metrics"):
            visit(standing, path)
            entries.append(json.loads(process.stdout.readline()))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=SECONDS)
        assert process.returncode == 128 + signal.SIGINT
    assert [(entry["revision"], entry["text"].split()[0]) for entry in entries] == [
        (CANARY, "/api/health"),
        (CANARY, "/api/metrics"),
    ]
    assert "Traceback" not in err


def test_a_reader_that_leaves_ends_it_quietly(cockpit: CommandLine) -> None:
    with started(cockpit, "--follow", "--last", "5") as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert process.wait(SECONDS) == Exit.OK


def test_a_pipe_is_shown_as_it_comes(cockpit: CommandLine) -> None:
    with started(cockpit, "--follow", "--file", "-", "severity>=warn", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for lines, shown in (("2025-10-10T02:12:27Z WARNING one\n", "one"), ("INFO two\nERROR three\n", "three")):
            process.stdin.write(lines)
            process.stdin.flush()
            assert process.stdout.readline().split()[-1] == shown
        process.stdin.close()
        assert process.stdout.read() == ""
        assert process.wait(SECONDS) == Exit.OK


def test_a_file_is_followed_as_it_grows(cockpit: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(f"2025-10-10T02:12:{number:02}Z INFO line {number}\n" for number in range(20)))
    with started(cockpit, "--follow", "--file", os.fspath(path)) as process:
        assert process.stdout is not None
        shown = [process.stdout.readline().split()[-1] for _ in range(10)]
        assert shown == [str(number) for number in range(10, 20)]
        with path.open("a") as file:
            file.write("2025-10-10T02:13:00Z ERROR line 20\n")
        assert process.stdout.readline().split()[1:2] == ["ERROR"]
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 128 + signal.SIGINT
