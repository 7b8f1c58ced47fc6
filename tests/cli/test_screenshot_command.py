"""`cockpit screenshot`: what cannot be asked for, and a recording's picture at two moments."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from cockpit.actions import BY_ID
from cockpit.actions.destinations import DESTINATIONS
from cockpit.cli import run
from cockpit.cli.exits import Exit
from cockpit.tui.pictures.glyphs import CELL
from cockpit.tui.pictures.png import MARGIN
from tests.live.replay.recorded import SHIFTED, write

pytestmark = pytest.mark.usefixtures("log_put_away")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--screen", "nowhere"], "nowhere"),
        (["--size", "120"], "write it like 120x40"),
        (["--size", "5x5"], "20x5 to 500x300"),
        (["--size", "9999x40"], "20x5 to 500x300"),
        (["-o", "picture.jpg"], "end in .svg or .png"),
        (["--watch", "long"], "no time to watch"),
        (["--watch", "nan"], "no time to watch"),
        (["--at", "14:05"], "name the recording"),
        (["--theme", "drak"], "did you mean dark?"),
        (["no-such-file"], "no-such-file"),
    ],
)
def test_what_cannot_be_is_one_line_and_a_mend(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["screenshot", *_settings(tmp_path), *words]) in {Exit.USAGE, Exit.FAILED}
    wrong = capsys.readouterr().err
    assert said in wrong
    assert "mend: " in wrong
    assert not list(tmp_path.glob("*.svg"))


@pytest.mark.slow
def test_a_recording_is_pictured_at_any_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = str(write(tmp_path / "recordings"))
    before, after, light = tmp_path / "before.svg", tmp_path / "after.svg", tmp_path / "light.png"

    def take(out: Path, at: float, *words: str) -> None:
        moment = datetime.fromtimestamp(at, UTC).isoformat()
        asked = ["screenshot", recording, *_settings(tmp_path), "-o", str(out), "--at", moment]
        assert run([*asked, *words]) == Exit.OK, capsys.readouterr().err

    take(before, SHIFTED - 10)
    take(after, SHIFTED + 10)
    assert "emergence-app" in before.read_text(encoding="utf-8")
    assert "25&#160;%" not in before.read_text(encoding="utf-8")
    assert "25&#160;%" in after.read_text(encoding="utf-8")

    take(light, SHIFTED + 10, "--screen", "timeline", "--theme", "light", "--size", "80x24")
    with Image.open(light) as picture:
        assert picture.size == (80 * CELL.width + 2 * MARGIN, 24 * CELL.height + 2 * MARGIN)
        ground = picture.convert("L").getpixel((0, 0))
        assert isinstance(ground, int)
        assert ground > 200
    assert capsys.readouterr().out.splitlines() == [str(before), str(after), str(light)]


def _settings(folder: Path) -> list[str]:
    """Settings that write nothing outside of a folder."""
    config = folder / "config.toml"
    config.write_text(f'[log]\nfile = "{folder}/log"\n', encoding="utf-8")
    return ["--config", str(config)]


def test_every_screen_is_reached_by_actions_that_there_are() -> None:
    for actions in DESTINATIONS.values():
        assert set(actions) <= set(BY_ID)
