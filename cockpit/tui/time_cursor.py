"""The one moment that every pane shows: the present, or one that somebody looks back at."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from textual.signal import Signal

from cockpit.live.past_times import local
from cockpit.live.recall import Recall, Recalled, nothing_at
from cockpit.tui.views.looking import Looking, Playing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cockpit.live.replay.player import Player
    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.app import CockpitApp

_NO_TIME = 1e-3
"""Seconds that make no other moment: clocks that begin with the machine are reckoned back and forth."""


class TimeCursor:
    """Live, or frozen at a time; all times are epoch seconds, as `Snapshot.time`.

    Whoever shows something over time takes `now()` for the end of it where it is live, draws a line at `at` where
    that is not None, and subscribes to `changed`, which is published with `at` whenever somebody moved it: not as
    time goes on, for that there are the app's `snapshots`. Of a recording that is played, `at` is None while the
    play head runs.
    """

    def __init__(self, app: CockpitApp) -> None:
        self.changed: Signal[float | None] = Signal(app, "time cursor")
        self._app = app
        self._stand: _Live | _Played | None = None
        self._told: float | None = None

    def attach(self, session: Session | None) -> None:
        """Look at another session, live or as its player plays."""
        if self._stand is not None:
            self._stand.leave()
        if session is None:
            self._stand = None
        elif session.player is not None:
            self._stand = _Played(session, session.player)
        else:
            self._stand = _Live(session, self._app.wall, self._app.show_soon)
        self.settle()

    @property
    def at(self) -> float | None:
        """The moment that is looked at; None while what is shown goes on by itself."""
        return self._stand.at if self._stand is not None else None

    @property
    def pending(self) -> bool:
        """Whether how everything stood then is not here yet: the app's `snapshots` tells when it is."""
        return self._stand is not None and self._stand.pending

    @property
    def player(self) -> Player | None:
        """What plays the recording, where it is one."""
        return self._stand.player if self._stand is not None else None

    @property
    def snapshot(self) -> Snapshot | None:
        """How everything stood at that moment, retimed to it; None before there is a session."""
        return self._stand.snapshot if self._stand is not None else None

    @property
    def looking(self) -> Looking | Playing | None:
        """What the header says of the moment; None for the present."""
        return self._stand.looking if self._stand is not None else None

    def now(self) -> float:
        """The moment that is shown: `at`, or else the present, or where the play head is."""
        at = self.at
        return self.newest if at is None else at

    @property
    def newest(self) -> float:
        """The last moment there is: the present, or the play head's while it runs, or a recording's end."""
        return self._stand.newest if self._stand is not None else self._app.wall().timestamp()

    def freeze(self, at: float | None = None) -> None:
        """Look at a moment; without one at that which is shown. One that has not been yet leads back to now."""
        if self._stand is not None:
            self._stand.hold() if at is None else self._stand.go(at)
            self.settle()

    def move(self, seconds: float) -> None:
        """Look so much earlier or, by a positive number, later than what is shown."""
        self.freeze(self.now() + seconds)

    def live(self) -> None:
        """Back to the present; to the end of a recording."""
        if self._stand is not None:
            self._stand.to_end()
            self.settle()

    def toggle(self) -> None:
        """Freeze, or go on: live from now, a recording from where it stands."""
        if self._stand is not None:
            self._stand.hold() if self.at is None else self._stand.go_on()
            self.settle()

    def settle(self) -> None:
        """Tell of the moment if it is another one: a play head that came to its end stands by itself."""
        if self.at != self._told:
            self._told = self.at
            self.changed.publish(self.at)


class _Stand(Protocol):
    """Where one stands in time."""

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


class _Live(_Stand):
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


class _Played(_Stand):
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
