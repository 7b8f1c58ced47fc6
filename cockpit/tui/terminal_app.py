"""What the cockpit's apps have in common: keys and themes, the net under all text, a terminal left in order."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from abc import abstractmethod
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar
from weakref import WeakKeyDictionary

from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import Binding
from textual.worker import WorkerFailed

from cockpit.actions.reasons import NO_FILES
from cockpit.tui import openings
from cockpit.tui.keys import DEFAULT_KEYMAP
from cockpit.tui.terminal import ControlFilter
from cockpit.tui.themes import OWN_VARIABLES, choose
from cockpit.tui.wardrobe import Wardrobe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.binding import BindingType
    from textual.filter import LineFilter
    from textual.widget import Widget

    from cockpit.tui.keys import Keymap
    from cockpit.tui.themes import Shelf
    from cockpit.tui.widgets.log_pane import LogPane

logger = logging.getLogger(__name__)

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def local_now() -> datetime:
    """The wall clock in the user's time zone."""
    return datetime.now(UTC).astimezone()


class TerminalApp(App[None], inherit_bindings=False):
    """An app of the cockpit: what it shows is its subclasses' matter.

    `theme` names one of `shelf`; without colours (NO_COLOR) neither is used. `wall` is the wall clock, aware.
    `components` are patterns that the log's digest knows a component by. A subclass calls `self.wardrobe.dress()`
    once it can `say` something.
    """

    TITLE = "cockpit"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q,ctrl+c", "take('quit')", show=False)]
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        *,
        shelf: Shelf,
        theme: str = "dark",
        keymap: Keymap = DEFAULT_KEYMAP,
        components: Sequence[str] = (),
        wall: Callable[[], datetime] = local_now,
    ) -> None:
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.keymap = keymap
        self.wall = wall
        self.components = components
        self.wardrobe = Wardrobe(self, shelf, choose(theme, os.environ))
        self._filter = ControlFilter()
        self._typed_into: WeakKeyDictionary[events.Key, Widget] = WeakKeyDictionary()

    @abstractmethod
    def say(self, text: str, role: str = "") -> None:
        """Say one line for some seconds."""

    @abstractmethod
    def action_take(self, action: str) -> None:
        """Take an action of the registry."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, and the net under all text from outside."""
        return [*super().get_line_filters(), self._filter]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What the cockpit's own styles need even under a theme that is not its own."""
        return OWN_VARIABLES

    def on_mount(self) -> None:
        """Take the user's keys; leave in order when told to from outside."""
        self.set_keymap(self.keymap.remapped())
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number in SIGNALS:
                loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))

    async def on_event(self, event: events.Event) -> None:
        """A key on its way when the focus moves goes where the focus is then: what is typed ahead is not lost."""
        if isinstance(event, events.Key):
            here = self.focused or self.screen
            if event.is_forwarded and self._typed_into.get(event, here) is not here:
                event = events.Key(event.key, event.character)
            if not event.is_forwarded:
                self._typed_into[event] = here
        await super().on_event(event)

    def on_ready(self) -> None:
        """The first paint is out."""
        if not gc.isenabled():  # left to us by the command that started us; what is loaded by now stays
            gc.freeze()
            gc.enable()

    def on_log_pane_told(self, event: LogPane.Told) -> None:
        """A log pane has something to say."""
        self.say(event.text)

    def on_log_pane_columns_wanted(self, event: LogPane.ColumnsWanted) -> None:
        """The columns of a log are to be chosen."""
        self.push_screen(openings.log_columns(event.reader))

    def on_log_pane_chosen(self, event: LogPane.Chosen) -> None:
        """All of an entry is wanted."""
        self.push_screen(openings.log_entry(event.reader, event.row))

    def on_log_pane_write_wanted(self, event: LogPane.WriteWanted) -> None:
        """What a log shows is to be written to a file: not for who only has a browser."""
        if self.is_web:
            self.say(NO_FILES, "warn")
            return
        self.push_screen(openings.log_write(event.reader, event.around.service))

    def on_log_pane_digest_wanted(self, event: LogPane.DigestWanted) -> None:
        """What a log shows is to be summed up."""
        self.push_screen(openings.log_digest(event.reader, event.around, self.components))

    def _fatal_error(self) -> None:
        # Textual would print the local variables of every frame, and among them what must stay secret.
        error = self._exception.error if isinstance(self._exception, WorkerFailed) else self._exception
        logger.critical("the app stopped by an error of its own", exc_info=error)
        self.panic(Text(f"cockpit stopped by an error of its own, {type(error).__name__}: the log has the rest."))
