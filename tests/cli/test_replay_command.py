"""`cockpit replay`: what cannot be played is said in a line, and a moment is told without a screen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cockpit.cli import run
from tests.live.replay.recorded import BEGUN, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute from 12:03:44 on, in which the canary was given more."""
    return write(tmp_path_factory.mktemp("recordings"))


@pytest.mark.parametrize(
    ("at", "percent"), [("12:04:00", 10), ("-1s", 25), ("2026-11-21T12:04:20Z", 25), ("", 25)]
)
def test_the_status_of_a_moment(
    recording: Path, at: str, percent: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["replay", str(recording), "--json", *(["--at", at] if at else [])]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["percent"] for each in told["serving"]] == [100 - percent, percent]


@pytest.mark.parametrize(
    ("flags", "says", "mend"),
    [
        (["--speed", "0"], "--speed 0 cannot be", "from 0.125 to 512"),
        (["--speed", "-2"], "--speed -2 cannot be", "played forwards"),
        (["--speed", "fast"], "--speed fast cannot be", "a number"),
        (["--speed", "nan"], "--speed nan cannot be", "a number"),
        (["--at", "noon"], "--at: 'noon' is no moment", "write it like 14:05"),
        (["--at", "11:00"], "--at 11:00 is outside of the recording", "2026-11-21 12:03:44 to 12:04:43"),
        (["--at", "-2h"], "--at -2h is outside of the recording", "it runs from"),
    ],
)
def test_what_cannot_be_is_said_with_the_mend(
    recording: Path, flags: list[str], says: str, mend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["replay", str(recording), *flags]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert mend in told


def test_a_moment_at_which_nobody_looked_is_no_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slept = write(tmp_path, spans=((BEGUN, 5), (BEGUN + 3600, 5)))
    assert run(["replay", str(slept), "--at", "12:30", "--json"]) == 1
    assert "nobody looked from 12:03:48 to 13:03:44" in capsys.readouterr().out


def test_what_is_no_recording_is_said_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.cockpit"
    file.write_text("not SQLite, but as long as something that might be: " * 20)
    for path, says in ((file, "is no recording"), (tmp_path / "b.cockpit", "there is no file")):
        assert run(["replay", str(path)]) == 1
        assert says in capsys.readouterr().err


def test_without_a_terminal_it_says_what_there_is(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["replay", str(recording)]) == 2
    assert "needs a terminal" in capsys.readouterr().err
