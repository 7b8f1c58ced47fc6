"""The cockpit over a recording: keys of a player, all at the play head, nothing to be changed, no network."""

from __future__ import annotations

import socket
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from cockpit.config import load
from cockpit.live.clock import Clock
from cockpit.live.recording.frames import packed
from cockpit.wiring.replay import opened, replay_app
from tests.live.replay.recorded import BEGUN, SHIFTED, snapshots, write
from tests.tui.shown import text_of
from tests.tui.staged import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

    from cockpit.live.replay.session import RecordedSession
    from cockpit.tui.app import CockpitApp


FIRST = BEGUN + 0.5
"""The first snapshot's moment: where the play head stands at first."""


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0


@dataclass(frozen=True, slots=True)
class Replay:
    """The app, its recording, the clock and the keyboard."""

    app: CockpitApp
    session: RecordedSession
    clock: Hand
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Press keys and let everything settle."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def shows(self, at: float) -> None:
        """Wait until the moment is shown: the snapshot that was recorded of it. Raises TimeoutError."""
        recorded = [each for each in snapshots() if each.time <= at][-1]
        await until(self.pilot, lambda: packed(self.session.snapshot) == packed(recorded))
        assert self.app.snapshot is not None
        await until(self.pilot, lambda: self.app.snapshot is not None and abs(self.app.snapshot.time - at) < 1e-3)

    @property
    def header(self) -> str:
        """The header."""
        return self.app.main.query_one("Header").render_line(0).text


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of a session in which the canary was given more."""
    return write(tmp_path_factory.mktemp("recordings"))


@asynccontextmanager
async def replaying(path: Path, size: tuple[int, int] = (120, 48)) -> AsyncIterator[Replay]:
    """The app on a recording whose samples and entries are read."""
    hand, settings = Hand(), load(None, {})
    session = opened(settings, path, Clock(now=lambda: hand.now))
    app = replay_app(settings, session)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: session.player.read == 1.0 and app.session is session)
        app.publish()
        yield Replay(app, session, hand, pilot)


async def test_space_plays_and_pauses_and_the_header_says_what_of_and_how_fast(recording: Path) -> None:
    async with replaying(recording) as replay:
        assert "║ REPLAY 2026-11-21 12:03:44" in replay.header
        await replay.press("space")
        assert replay.session.player.runs
        replay.clock.now += 20.6
        replay.app.publish()
        assert "▸ REPLAY 2026-11-21 12:04:05" in replay.header
        assert recording.name in replay.header
        await replay.press(">", ">", ">", "<")
        replay.clock.now += 5
        replay.app.publish()
        assert "▸ REPLAY ×4 2026-11-21 12:04:25" in replay.header
        await replay.press("space")
        assert not replay.session.player.runs
        await replay.shows(FIRST + 40.6)


async def test_a_time_of_the_day_is_one_of_the_recording_though_it_has_not_been_played_to(recording: Path) -> None:
    async with replaying(recording) as replay:
        await replay.press("space", "@", *"12:04:20", "enter")
        await replay.shows(BEGUN + 36)


async def test_arrows_and_typed_times_move_the_head_and_end_is_the_end(recording: Path) -> None:
    async with replaying(recording) as replay:
        await replay.press("@", *"12:04:20", "enter")
        await replay.shows(BEGUN + 36)
        column = replay.app.main.chart.column_seconds
        await replay.press("right", "right", "left")
        await replay.shows(BEGUN + 36 + column)
        await replay.press("end")
        assert replay.session.player.head == replay.session.player.ended
        replay.app.publish()
        assert "║ REPLAY ended" in replay.header
        await replay.press("space")
        assert replay.session.player.head == replay.session.player.begun
        assert replay.session.player.runs


async def test_everything_shows_the_moment_of_the_head(recording: Path) -> None:
    async with replaying(recording) as replay:
        await replay.press("space")
        reader = replay.app.main.logs.reader
        for seconds, share in ((10.0, "10 %"), (45.0, "25 %")):
            replay.clock.now = seconds
            await replay.shows(FIRST + seconds)
            replay.app.publish()
            assert share in text_of(replay.app.main)
            assert reader is not None
            assert reader.row is not None
            assert reader.row.text == f"second {seconds:.0f}"
        assert "25 %" in text_of(replay.app.main)


async def test_at_the_end_it_stands_by_itself_and_says_so(recording: Path) -> None:
    async with replaying(recording) as replay:
        await replay.press("space")
        replay.clock.now += 1000
        await until(replay.pilot, lambda: "║ REPLAY ended" in replay.header)
        assert replay.app.cursor.at == replay.session.player.ended


async def test_nothing_can_be_changed_read_anew_or_noted_and_leaving_asks_nothing(recording: Path) -> None:
    async with replaying(recording) as replay:
        for key in ("s", "b", "t", "a", "r"):
            await replay.press(key)
            assert replay.app.screen is replay.app.main
            assert "this is a recording, of 2026-11-21 12:03:44" in text_of(replay.app.main)
        await replay.press("q")
        assert not replay.app.is_running


async def test_no_connection_is_opened_to_anywhere(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[str] = []
    watching = True

    def hear(event: str, args: tuple[Any, ...]) -> None:
        is_network = event == "socket.getaddrinfo" or (
            event in {"socket.connect", "socket.sendto", "socket.bind"} and args[0].family != socket.AF_UNIX
        )
        if watching and is_network:
            reached.append(f"{event} {args[1:]}")

    def refuse(*args: object, **_named: object) -> None:
        reached.append(f"a channel to {args[0]}")
        raise AssertionError("a replay dials nobody")

    sys.addaudithook(hear)
    for name in ("insecure_channel", "secure_channel"):
        monkeypatch.setattr(grpc, name, refuse)
        monkeypatch.setattr(grpc.aio, name, refuse)
    try:
        async with replaying(recording) as replay:
            await replay.press("space")
            replay.clock.now += SHIFTED + 5 - FIRST
            await replay.shows(SHIFTED + 5)
            await replay.press("end", "r", "8", "enter", "escape")
    finally:
        watching = False
    assert reached == []


async def test_in_little_room_the_header_says_no_more_than_the_moment(recording: Path) -> None:
    async with replaying(recording, size=(60, 20)) as replay:
        assert "emergence-app" in replay.header
        assert "║ REPLAY 12:03:44" in replay.header
