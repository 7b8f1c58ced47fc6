"""The terminal app on logs in files: no service, no network."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from textual import work

from cockpit.actions import ACTIONS, BY_ID, Facts, Group
from cockpit.live.clock import moment
from cockpit.live.logs.reading import Logs
from cockpit.sources.errors import SourceError
from cockpit.text import clean
from cockpit.tui import openings
from cockpit.tui.colours import REVISION_COLOURS, Slots
from cockpit.tui.keys import DEFAULT_KEYMAP
from cockpit.tui.screens.file_log import FileLogScreen
from cockpit.tui.surroundings import Surroundings
from cockpit.tui.terminal_app import TerminalApp, local_now
from cockpit.tui.views.log_look import Look

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from cockpit.config.logs import Times
    from cockpit.tui.keys import Keymap
    from cockpit.tui.log_reader import LogReader
    from cockpit.tui.themes import Shelf

_SEVERITIES: dict[str, SeverityLevel] = {"warn": "warning", "bad": "error"}
_FACTS = Facts(has_logs=True)
"""What decides which actions can be taken: those that need a service say that there is none."""


class FileLog(Logs, Protocol):
    """A log in a file, open until it is stopped."""

    async def stop(self) -> None:
        """Read no more."""
        ...


class FileApp(TerminalApp):
    """The cockpit on the logs in some files, one at a time.

    `open_log` opens the one with a name; it is awaited when the file is first shown, after the first paint, and
    raises SourceError. `failure` is why the first file could not be shown: the app has ended then. `times` is how
    moments are written at first. All else is as in TerminalApp.
    """

    def __init__(
        self,
        names: Sequence[str],
        open_log: Callable[[str], Awaitable[FileLog]],
        *,
        shelf: Shelf,
        theme: str = "dark",
        keymap: Keymap = DEFAULT_KEYMAP,
        times: Times = "local",
        components: Sequence[str] = (),
        wall: Callable[[], datetime] = local_now,
    ) -> None:
        super().__init__(shelf=shelf, theme=theme, keymap=keymap, components=components, wall=wall)
        self.failure: SourceError | None = None
        self.main = FileLogScreen(keymap)
        self._names = names
        self._open_log = open_log
        self._look = Look(time=times)
        self._at = 0
        self._logs: dict[int, FileLog] = {}
        self._readers: dict[int, LogReader] = {}
        self._slots = Slots()
        self._deeds: dict[str, Callable[[], object]] = {
            "theme": self.wardrobe.change,
            "palette": self._palette,
            "help": lambda: self.push_screen(openings.help_screen(self.keymap, _FACTS)),
            "quit": self.exit,
            "next_pane": partial(self._step, 1),
            "previous_pane": partial(self._step, -1),
            **{each.id: partial(self._in_log, each.id) for each in ACTIONS if each.group is Group.LOGS},
        }
        self.wardrobe.dress()

    def get_default_screen(self) -> Screen[None]:
        """The log."""
        return self.main

    def on_ready(self) -> None:
        """The first paint is out: now the file may load what it needs."""
        self.set_interval(1.0, self._tick)
        self._show(0)

    def action_take(self, action: str) -> None:
        """Take an action of the registry, or say why it cannot be taken."""
        known = BY_ID[action]
        deed = self._deeds.get(action)
        if deed is not None:
            deed()
        else:
            self.say(f"{known.title}: {known.why_not(_FACTS) or 'a file has no service to look at'}", "warn")

    def say(self, text: str, role: str = "") -> None:
        """Say one line for some seconds, over the log."""
        if self.is_running:
            self.notify(clean(text), severity=_SEVERITIES.get(role, "information"), markup=False)

    async def on_unmount(self) -> None:
        """Let go of all files."""
        for reader in self._readers.values():
            reader.close()
        for logs in self._logs.values():
            await logs.stop()

    @work(exclusive=True)
    async def _show(self, index: int) -> None:
        """Show the log of a file, which is opened for it the first time."""
        name = self._names[index]
        if index not in self._readers:
            self.main.read(None, name, index, len(self._names))
            try:
                logs = self._logs[index] = await self._open_log(name)
            except SourceError as error:
                self._fail(index, error)
                return
            self._readers[index] = openings.log_reader(logs, self._look, self.wall)
        self._at = index
        self._surround()
        self.main.read(self._readers[index], self._logs[index].state.source, index, len(self._names))

    def _fail(self, index: int, error: SourceError) -> None:
        """A first file that cannot be read ends the app; another one leaves that in view which was."""
        if not self._readers:
            self.failure = error
            self.exit()
            return
        self.say(f"{error}{f' · {error.mend}' if error.mend else ''}", "bad")
        if index != self._at:
            self._show(self._at)

    def _step(self, files: int) -> None:
        if len(self._names) > 1:
            self._show((self._at + files) % len(self._names))

    def on_log_pane_moment_wanted(self) -> None:
        """The moment of an entry is to be shown by everything."""
        self.say("there is nothing beside the log to show this moment")

    def _in_log(self, action: str) -> None:
        self.main.pane.take(action)

    def _tick(self) -> None:
        self.wardrobe.look()
        self._surround()

    def _surround(self) -> None:
        """Revisions have colours in the order in which they were seen, as far as there are colours."""
        reader = self._readers.get(self._at)
        if reader is not None:
            seen = [name for name in reader.logs.store.names.revision.names if name][:REVISION_COLOURS]
            self.main.pane.surround(Surroundings(slots=self._slots.give(seen), at=moment()))

    def _palette(self) -> None:
        def taken(action: str | None) -> None:
            if action:
                self.action_take(action)

        self.push_screen(openings.palette(self.keymap, _FACTS), taken)
