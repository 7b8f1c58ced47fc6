"""Keeps the log pane fed: another service has another log, and one reader shows it wherever it is in view."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.tui import openings
from cockpit.tui.layout import LOGS
from cockpit.tui.surroundings import Surroundings
from cockpit.tui.views.log_look import Look

if TYPE_CHECKING:
    from cockpit.config.logs import Times
    from cockpit.live.logs.reading import Logs
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.log_reader import LogReader
    from cockpit.tui.screens.logs import LogsScreen


class LogFeed:
    """The one reader of the session's log. `times` is how moments are written at first."""

    def __init__(self, app: CockpitApp, times: Times) -> None:
        self._app = app
        self._look = Look(time=times)
        self._logs: Logs | None = None
        self._reader: LogReader | None = None
        self._whole: LogsScreen | None = None

    @property
    def look(self) -> Look:
        """How lines look."""
        return self._look if self._reader is None else self._reader.look

    @look.setter
    def look(self, look: Look) -> None:
        """Let the lines of the next log look another way."""
        self._look = look

    def follow(self, snapshot: Snapshot) -> None:
        """A newer snapshot: it may be another service, whose log is another one."""
        from cockpit.live.metrics.targets import compared
        from cockpit.tui.views.traffic import active

        app = self._app
        logs = app.session.logs if app.session is not None else None
        if logs is not self._logs:
            self._read(logs)
        slots = app.slots.give(active(snapshot))
        selected = app.main.revisions.selected
        if self._reader is not None and app.cursor.at is None and app.cursor.player is not None:
            self._reader.see_until(_nanoseconds(app.cursor.now()))
        pair = compared(snapshot.service, snapshot.revisions) if snapshot.service else ("", "")
        self._surround(Surroundings(snapshot.ref.service, slots, selected, snapshot.at, pair))

    def stand(self, at: float | None) -> None:
        """Somebody looks at another moment (epoch seconds), or at what is newest: at where the play head is."""
        if self._reader is None:
            return
        player = self._app.cursor.player
        moment = player.head if at is None and player is not None else at
        self._reader.stand_at(None if moment is None else _nanoseconds(moment))

    def select(self, revision: str, *, by_reader: bool) -> None:
        """Another revision is selected: what the reader chose is shown alone."""
        self._surround(replace(self._app.main.logs.around, selected=revision))
        if by_reader and self._reader is not None:
            self._reader.narrow(revision)

    def open_whole(self) -> bool:
        """The log on the whole screen; the same key leads back. Whether there is one."""
        app = self._app
        if self._reader is None or self._whole is not None:
            return False
        self._whole = openings.logs(self._reader, app.main.logs.around, app.keymap)

        def closed(_nothing: None) -> None:
            self._whole = None
            app.main.logs.draw()

        app.push_screen(self._whole, closed)
        return True

    def take(self, action: str) -> None:
        """Take an action of the log pane, which comes into view for it."""
        if self._whole is not None:
            self._whole.pane.take(action)
        else:
            self._app.main.show_pane(LOGS)
            self._app.main.logs.take(action)

    def close(self) -> None:
        """Read no more."""
        self._read(None)

    def _surround(self, around: Surroundings) -> None:
        self._app.main.logs.surround(around)
        if self._whole is not None:
            self._whole.pane.surround(around)

    def _read(self, logs: Logs | None) -> None:
        if self._reader is not None:
            self._look = self._reader.look
            self._reader.close()
        if self._whole is not None and self._whole.is_current:
            self._whole.dismiss(None)
        self._logs, self._reader = logs, None
        if logs is not None:
            self._reader = openings.log_reader(logs, self._look, self._app.wall)
            self.stand(self._app.cursor.at)
        self._app.main.logs.read(self._reader)


def _nanoseconds(at: float) -> int:
    """A moment as the log has it."""
    from cockpit.logs.moment import SECOND

    return round(at * SECOND)
