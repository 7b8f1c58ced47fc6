"""`cockpit events`: what was recorded of a service, and what is known of it now."""

from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING

import pytest

from cockpit.cli import run
from cockpit.cli.exits import Exit
from tests.live.replay.recorded import BEGUN, write
from tests.tui import staged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.commands import CommandLine


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of recordings that the command line finds, ten minutes after they began."""
    recordings = tmp_path / "recordings"
    (tmp_path / "c.toml").write_text(
        f'[recording]\nfolder = "{recordings}"\n[log]\nfile = "{tmp_path / "log"}"\n', encoding="utf-8"
    )
    for name in [each for each in os.environ if each.startswith(("COCKPIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr("time.time", lambda: BEGUN + 600)
    before = list(logging.getLogger().handlers)
    yield recordings
    for handler in [each for each in logging.getLogger().handlers if each not in before]:
        logging.getLogger().removeHandler(handler)
        handler.close()


def events(folder: Path, *words: str) -> int:
    """Run the command with that folder's settings, on recordings alone."""
    return run(["events", "--recorded", *words, "--config", str(folder.parent / "c.toml")])


def test_what_was_recorded_is_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder)
    assert events(folder) == Exit.OK
    head, asked, serving = capsys.readouterr().out.splitlines()
    assert head.split() == ["WHEN", "ACTION", "NOTES", "BY"]
    assert asked.startswith("▼")
    assert asked.endswith("ops@example.com")
    assert serving.split()[-3:] == ["traffic", "25", "%"]


def test_scripts_have_it_as_json_and_reports_as_markdown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder)
    events(folder, "--json")
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
    events(folder, "--markdown")
    assert capsys.readouterr().out.splitlines()[0] == "| Time | Action | Notes | By |"


def test_only_the_time_that_is_asked_for_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder)
    assert events(folder, "--since", "-10s") == Exit.OK
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
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    write(folder)
    assert events(folder, *words) == Exit.USAGE
    told = capsys.readouterr()
    assert said in told.err + told.out
    assert "Traceback" not in told.err


def test_nothing_recorded_is_said_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert events(folder) == Exit.FAILED
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
