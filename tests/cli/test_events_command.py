"""`cockpit events`: what was recorded of a service, and what is known of it now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cockpit.cli import run
from cockpit.cli.exits import Exit
from tests.live.replay.recorded import write
from tests.tui import staged

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.commands import CommandLine


def events(recordings: Path, *words: str) -> int:
    """Run the command with the settings beside these recordings, on recordings alone."""
    return run(["events", "--recorded", *words, "--config", str(recordings.parent / "c.toml")])


def test_what_was_recorded_is_a_table(recordings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(recordings)
    assert events(recordings) == Exit.OK
    head, asked, serving = capsys.readouterr().out.splitlines()
    assert head.split() == ["WHEN", "ACTION", "NOTES", "BY"]
    assert asked.startswith("▼")
    assert asked.endswith("ops@example.com")
    assert serving.split()[-3:] == ["traffic", "25", "%"]


def test_scripts_have_it_as_json_and_reports_as_markdown(
    recordings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(recordings)
    events(recordings, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["service"] == staged.REF.service
    assert [each["kind"] for each in told["events"]] == ["traffic-asked", "traffic-serving"]
    assert told["events"][0] | {"at": ""} == {
        "at": "",
        "kind": "traffic-asked",
        "subject": staged.CANARY,
        "text": "25 %",
        "who": "ops@example.com",
        "revision": None,
        "key": "asked/1",
        "details": {},
    }
    events(recordings, "--markdown")
    assert capsys.readouterr().out.splitlines()[0] == "| Time | Action | Notes | By |"


def test_only_the_time_that_is_asked_for_is_told(recordings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(recordings)
    assert events(recordings, "--since", "-10s") == Exit.OK
    told = capsys.readouterr()
    assert told.out == ""
    assert "nothing is known to have happened" in told.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "yesterday"), "--since: 'yesterday' is no moment"),
        (("--since", "-1m", "--until", "-2m"), "is not after --since"),
        (("--json", "--markdown"), "--json and --markdown are two answers"),
    ],
)
def test_what_cannot_be_asked_for_is_said_in_a_line(
    recordings: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    write(recordings)
    assert events(recordings, *words) == Exit.USAGE
    told = capsys.readouterr()
    assert said in told.err + told.out
    assert "Traceback" not in told.err


def test_nothing_recorded_is_said_so(recordings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert events(recordings) == Exit.FAILED
    assert "nobody recorded any service" in capsys.readouterr().err


@pytest.mark.slow
def test_what_the_service_and_the_journal_tell_is_there_without_any_recording(cockpit: CommandLine) -> None:
    shifted = cockpit.run("shift", "00279-kub=10", "--yes")
    assert shifted.code == Exit.OK, shifted.err
    told = cockpit.run("events", "--json", "--since", "30d")
    assert told.code == Exit.OK, told.err
    kinds = [each["kind"] for each in told.json["events"]]
    assert {"revision-created", "revision-ready", "revision-failed"} <= set(kinds)
    assert kinds.count("traffic-asked") == 1
    assert not [kind for kind in kinds if kind.startswith("feed")]
