"""Where one can stand in time: in a live session, or in a recording that is played."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from cockpit.live.past_times import local
from cockpit.live.recall import Recall, Recalled, nothing_at
from cockpit.tui.views.looking import Looking, Playing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cockpit.live.replay.player import Player
    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot

_NO_TIME = 1e-3
"""Seconds that make no other moment: clocks that begin with the machine are reckoned back and forth."""


class Stand(Protocol):
    """Where one stands in time; `player` is what plays the recording, where it is one."""

    player: Player | None

    @property
    def at(self) -> float | None: ...
    @property
    def pending(self) -> bool: ...
    @property
    def newest(self) -> float: ...
    @property
    def snapshot(self) -> Snapshot: ...
    @property
    def looking(self) -> Looking | Playing | None: ...
    def go(self, at: float) -> None: ...
    def hold(self) -> None: ...
    def go_on(self) -> None: ...
    def to_end(self) -> None: ...
    def leave(self) -> None: ...


class Live(Stand):
    """A live session, which goes on behind what is looked at; `recalled` is called when that is another one."""

    player: Player | None = None

    def __init__(self, session: Session, wall: Callable[[], datetime], recalled: Callable[[], None]) -> None:
        self._session = session
        self._wall = wall
        self._tell = recalled
        self._recall = Recall(self._show)
        self._at: float | None = None
        self._since = self._shown_at = 0.0
        self._shown: Snapshot | None = None

    @property
    def at(self) -> float | None:
        return self._at

    @property
    def pending(self) -> bool:
        return self._at is not None and self._at != self._shown_at

    @property
    def newest(self) -> float:
        return self._session.snapshot.epoch + self._session.now()

    @property
    def snapshot(self) -> Snapshot:
        if self._at is None or self._shown is None:
            return replace(self._session.snapshot, at=self._session.now(), wall=self._wall())
        return self._shown

    @property
    def looking(self) -> Looking | None:
        if self._at is None:
            return None
        timeline = self._session.timeline
        events = timeline.events if timeline is not None else ()
        news = len(events) - bisect_right(events, self._since, key=lambda event: event.at)
        armed = self._session.snapshot.arming.seconds_left(self._session.now())
        return Looking(self._at, self.newest, news, armed)

    def go(self, at: float) -> None:
        newest = self.newest
        if at >= newest:
            self.go_on()
            return
        memory = self._session.memory
        if self._at is None:
            self.hold()
        self._at = max(at, 0.0)
        if memory is None:
            self._show(Recalled(self._at, None))
        else:
            self._recall.wish(memory, self._at)

    def hold(self) -> None:
        if self._at is None:
            self._since = self._shown_at = self.newest
            self._shown = self.snapshot
            self._at = self._since

    def go_on(self) -> None:
        self._recall.drop()
        self._at = self._shown = None

    def to_end(self) -> None:
        self.go_on()

    def leave(self) -> None:
        self._recall.drop()

    def _show(self, recalled: Recalled) -> None:
        if self._at is not None:
            at, memory = recalled.at, self._session.memory
            spans = memory.spans if memory is not None else ()
            found = recalled.snapshot or nothing_at(at, self._session.snapshot, spans, recalled)
            self._shown, self._shown_at = retimed(found, at), at
            self._tell()


class Played(Stand):
    """A recording: the player's head is the moment, and the session shows it."""

    def __init__(self, session: Session, player: Player) -> None:
        self._session = session
        self.player: Player | None = player
        self._player = player

    @property
    def at(self) -> float | None:
        return None if self._player.runs else self._player.head

    @property
    def pending(self) -> bool:
        shown = self._session.snapshot.epoch + self._session.now()
        return not self._player.runs and abs(shown - self._player.head) > _NO_TIME

    @property
    def newest(self) -> float:
        return self._player.head if self._player.runs else self._player.ended

    @property
    def snapshot(self) -> Snapshot:
        snapshot = self._session.snapshot
        return retimed(snapshot, snapshot.epoch + self._session.now())

    @property
    def looking(self) -> Playing:
        player = self._player
        ended = player.head >= player.ended
        return Playing(player.name, player.head, player.speed, player.runs, ended, player.read, player.damage)

    def go(self, at: float) -> None:
        self._player.pause()
        self._player.seek(at)

    def hold(self) -> None:
        self._player.pause()

    def go_on(self) -> None:
        self._player.play()

    def to_end(self) -> None:
        self.go(self._player.ended)

    def leave(self) -> None:
        self._player.pause()


def retimed(snapshot: Snapshot, at: float) -> Snapshot:
    """The same, looked at from a moment (epoch seconds): everything in it is as old as it was then."""
    return replace(snapshot, at=at - snapshot.epoch, wall=local(at))
