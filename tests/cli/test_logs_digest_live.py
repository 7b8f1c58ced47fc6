"""`cockpit logs digest` on a running service: canary beside stable, and the planted error in the first line."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.cli.exits import Exit
from tests.cli.commands import CommandLine
from tests.simulated import running_simulator

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

STABLE, CANARY = "emergence-app-00275-2jb", "emergence-app-00279-kub"
PLANTED = ("did not answer", "answered nothing", "no connection left", "refused the interaction")
"""What the canary fails with, and stable never does."""
SECONDS = 60.0


def planted(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The kinds of errors that were planted."""
    return [each for each in answer["errors"]["templates"] if any(words in each["text"] for words in PLANTED)]


def digested(command: CommandLine) -> dict[str, Any]:
    """The digest, once the canary has failed somebody and scanners have come by."""
    deadline = time.monotonic() + SECONDS
    while True:
        ended = command.run("logs", "digest", "--json")
        answer: dict[str, Any] = ended.json
        if (planted(answer) and answer["scanners"]["requests"]) or time.monotonic() > deadline:
            assert ended.code == Exit.OK, ended.err
            return answer


def test_a_bad_canary_is_told_by_what_is_new_in_it(tmp_path: Path) -> None:
    with running_simulator("bad-canary") as local:
        command = CommandLine(tmp_path, local.endpoint)
        answer = digested(command)
        assert (answer["stable"], answer["canary"], answer["whole"]) == (STABLE, CANARY, True)
        assert answer["errors"]["templates"][0]["new"]
        for found in planted(answer):
            assert found["new"]
            assert found["frame"] == "app/endpoints.py in _fail_sometimes"
            assert found["by_revision"].keys() == {CANARY}
        assert answer["facts"][0]["tone"] == "bad"
        fleet = answer["instances"]["by_revision"][CANARY]
        assert fleet["starts"] >= 1 > fleet["failed"]
        assert fleet["ready_after"]["count"] >= 1
        assert "VectorService" in fleet["components"]
        assert answer["scanners"]["answered"] == 0
        ended = command.run("logs", "digest")
        lines = ended.out.splitlines()
        assert lines[4].startswith("✗ ")
        assert lines[4].partition("new in ")[2].startswith("00279-kub")
        assert lines[lines.index("Errors") + 2].startswith("new ")
        assert "reading the log of emergence-app of the last 15 min" in ended.err
        alone = command.run("logs", "digest", "--revision", "tag:canary", "--json").json
        assert (list(alone["revisions"]), alone["canary"]) == ([CANARY], None)
