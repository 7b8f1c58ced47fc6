"""The one moment that every pane shows: the present, or one that somebody looks back at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.signal import Signal

if TYPE_CHECKING:
    from cockpit.live.replay.player import Player
    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.time_stands import Stand
    from cockpit.tui.views.looking import Looking, Playing


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
        self._stand: Stand | None = None
        self._told: float | None = None

    def attach(self, session: Session | None) -> None:
        """Look at another session, live or as its player plays."""
        if self._stand is not None:
            self._stand.leave()
        self._stand = self._stand_in(session) if session is not None else None
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

    def _stand_in(self, session: Session) -> Stand:
        from cockpit.tui.time_stands import Live, Played

        if session.player is not None:
            return Played(session, session.player)
        return Live(session, self._app.wall, self._app.show_soon)
