"""Whether a session is recorded, where, and what an earlier one left: as settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.config import load
from cockpit.live.events.timeline import LiveTimeline
from cockpit.live.recording.archive import Archive
from cockpit.live.state import State
from cockpit.wiring.recording import keeping
from tests.live.clocks import FakeClock
from tests.live.replay.recorded import events, write
from tests.tui import staged

if TYPE_CHECKING:
    from pathlib import Path

    from cockpit.config import Settings


def settings_of(folder: Path, *, wanted: bool = True) -> Settings:
    """The shipped settings, recordings in a folder."""
    config = folder.parent / "config.toml"
    config.write_text(f'[recording]\nfolder = "{folder}"\nwanted = {str(wanted).lower()}\n', encoding="utf-8")
    return load(str(config), {}, {})


async def nobody() -> str:
    """Who is at the keyboard."""
    return ""


async def record(settings: Settings) -> tuple[int, int]:
    """A session that sees nothing new: how many spans it can go back to, and how many events it knows."""
    clock = FakeClock().clock
    state, timeline = State(staged.REF, clock), LiveTimeline(staged.REF, clock, nobody)
    kept = keeping(settings, clock, staged.REF)
    kept.begin(state, timeline)
    memory = await kept.look_back()
    assert await memory.snapshot(clock.time()) == state.snapshot
    found = len(memory.spans), len((await kept.before()).events)
    kept.beat()
    await kept.stop()
    assert kept.problem is None
    return found


async def test_a_session_is_recorded_and_the_next_one_goes_back_to_it(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    write(folder)
    assert await record(settings_of(folder)) == (2, len(list(events())))
    found = Archive(folder).of(staged.REF)
    assert len(found) == 2
    assert {each.about.engine for each in found if each.about} == {"local"}


async def test_with_one_switch_nothing_is_recorded_and_one_can_go_back_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    assert await record(settings_of(folder, wanted=False)) == (1, 0)
    assert not folder.exists()


@pytest.mark.parametrize("endpoint", ["", "127.0.0.1:8080"])
def test_recordings_of_a_local_cloud_run_lie_apart(endpoint: str) -> None:
    settings = load(None, {}, {"service.endpoint": (endpoint, "a test")})
    assert ("127.0.0.1-8080" in settings.recordings_folder.name) is bool(endpoint)
