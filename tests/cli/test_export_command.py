"""`cockpit recordings` and `cockpit export`: what was recorded, and one incident of it as a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from cockpit.cli import run
from cockpit.cli.exits import Exit
from cockpit.cli.sizes import size
from cockpit.cli.when import with_signs
from cockpit.live.recording.reading import Recording
from tests.live.replay.recorded import BEGUN, write
from tests.tui import staged

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(recordings: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of recordings that the command line finds, in a directory of its own."""
    here = recordings.parent / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return recordings


def cockpit(*words: str) -> int:
    """Run a command with that folder's settings."""
    return run([*words, "--config", "../c.toml"])


def clock(seconds: float) -> str:
    """So long after the recording began, as a time of the day."""
    return f"{datetime.fromtimestamp(BEGUN + seconds, UTC):%H:%M:%S}"


def test_what_was_recorded_is_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(folder)
    (folder / "bad.cockpit").write_text("no recording")
    assert cockpit("recordings") == Exit.OK
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[0].split() == ["SERVICE", "FROM", "UNTIL", "SEEN", "SIZE", "FILE"]
    assert lines[1].split()[0] == staged.REF.service
    assert lines[1].endswith(path.name)
    assert "59 s" in lines[1]
    assert "is no recording of cockpit" in lines[2]
    assert str(folder) in told.err


def test_scripts_have_it_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(folder)
    (folder / "bad.cockpit").write_text("no recording")
    assert cockpit("recordings", "--json") == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert told["folder"] == str(folder)
    good, bad = told["recordings"]
    assert (good["file"], good["service"], good["recording"]) == (str(path), staged.REF.service, False)
    assert good["from"] == "2026-11-21T12:03:44.500Z"
    assert "is no recording" in bad["problem"]["message"]


def test_nothing_recorded_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cockpit("recordings") == Exit.OK
    assert f"there are no recordings in {folder}" in capsys.readouterr().err


def test_an_incident_is_cut_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder)
    assert cockpit("export", "--since", clock(20), "--until", clock(40), "-o", "incident.cockpit") == Exit.OK
    told = capsys.readouterr()
    assert told.out.startswith(
        "incident.cockpit: emergence-app, 2026-11-21 12:04:04 UTC – 2026-11-21 12:04:24 UTC"
    )
    assert "21 snapshots, 80 scrapes, 20 log entries, 2 events" in told.out
    assert "log entries as the service wrote them" in told.err
    assert "nobody looked" not in told.err
    with Recording.open(folder.parent / "here" / "incident.cockpit") as recording:
        assert recording.about.spans == ((BEGUN + 20, BEGUN + 40),)


def test_lengths_of_time_and_no_end_and_no_name_will_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder)
    assert cockpit("export", "--since", "-10m", "--json") == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert told["file"].endswith("here/emergence-app-2026-11-21T12-03-44Z.cockpit")
    assert (told["snapshots"], told["entries"], told["service"]) == (60, 60, "emergence-app")
    assert told["spans"] == [["2026-11-21T12:03:44.500Z", "2026-11-21T12:04:43.750Z"]]


def test_what_nobody_saw_of_it_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, spans=((BEGUN, 20), (BEGUN + 100, 20)))
    assert cockpit("export", "--since", clock(0), "--until", clock(115), "-o", "x.cockpit") == Exit.OK
    assert "nobody looked from 2026-11-21 12:04:03 UTC until 2026-11-21 12:05:24 UTC" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["--since", "yesterday"], ("--since: 'yesterday' is no moment", "14:05"), Exit.USAGE),
        (["--since", "-5m", "--until", "-10m"], ("is not after --since", "earlier moment"), Exit.USAGE),
        (["--since", "-1m"], ("nobody recorded any service from", "cockpit recordings"), Exit.FAILED),
        (["--since", "-10m", "--service", "other"], ("nobody recorded other", "cockpit recordings"), Exit.FAILED),
        (["--since", "-10m", "-o", "."], ("there is a file . already", "-o"), Exit.FAILED),
        ([], ("--since", "--help"), Exit.USAGE),
    ],
)
def test_what_cannot_be_exported_has_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: tuple[str, str], code: Exit
) -> None:
    write(folder)
    assert cockpit("export", *words) == code
    told = capsys.readouterr()
    assert said[0] in told.err
    assert said[1] in told.err.partition("mend:")[2]
    assert told.out == ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["export", "--since", "-10m", "-o", "x"], ["export", "--since=-10m", "-o", "x"]),
        (["replay", "x", "--at", "−30s"], ["replay", "x", "--at=−30s"]),
        (["query", "--json", "-1"], ["query", "--json", "-1"]),
        (["export", "--since", "--until"], ["export", "--since", "--until"]),
        (["export", "--since"], ["export", "--since"]),
    ],
)
def test_lengths_with_a_sign_are_no_flags(words: list[str], expected: list[str]) -> None:
    assert with_signs(words) == expected


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KiB"),
        (831_000, "812 KiB"),
        (1_023_999, "0.977 MiB"),
        (5 << 30, "5 GiB"),
    ],
)
def test_sizes_in_words(amount: int, words: str) -> None:
    assert size(amount) == words
