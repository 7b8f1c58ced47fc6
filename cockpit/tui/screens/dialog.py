"""What every dialog has in common: a frame, escape to leave, and a moment of deafness when it opens."""

from __future__ import annotations

import time
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from cockpit.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.widget import Widget

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """A framed screen over the cockpit. Subclasses give `content()`; `None` is the answer of one that was left.

    `clock` counts seconds; keys, pastes and mouse buttons are ignored for DEAF_SECONDS after the dialog was made.
    """

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;

        #frame {
            width: 100%;
            max-width: 112;
            height: auto;
            max-height: 100%;
            padding: 0 1;
            background: $surface;
            color: $foreground;
            border: round $primary;
            border-title-color: $foreground;
            border-title-style: bold;
            border-subtitle-color: $text-muted;
        }
        &.-lofty #frame { padding: 1 2; }
        &.-tiny #frame { border: none; padding: 0; }

        VerticalScroll { height: auto; background: transparent; }
        VerticalScroll, ChoiceList {
            scrollbar-size-vertical: 1;
            scrollbar-background: $surface;
            scrollbar-background-hover: $surface; scrollbar-background-active: $surface;
            scrollbar-color: $border; scrollbar-color-hover: $primary; scrollbar-color-active: $primary;
        }
        Static { height: auto; background: transparent; }
        Input.-textual-compact { background: $panel; padding: 0 1; }
        .choices { height: 1; margin-top: 1; align-horizontal: right; }
        &.-short {
            #frame { height: 100%; }
            VerticalScroll { height: 1fr; }
            .choices { margin-top: 0; }
        }
    }
    """
    DEAF_SECONDS: ClassVar[float] = 0.3
    """A key meant for the screen below must not answer a dialog that just appeared over it."""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "leave", "Cancel", show=False)]
    # Textual's own annotation of these two is no ClassVar, so ours cannot be one.
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (30, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall"), (50, "-lofty")]  # noqa: RUF012

    def __init__(self, title: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._heading = Content(clean(title))
        self._clock = clock
        self._hears_at = clock() + self.DEAF_SECONDS
        self._waiting: Widget | None = None

    def compose(self) -> ComposeResult:
        """The frame with the dialog's content in it."""
        frame = Vertical(id="frame")
        frame.border_title = self._heading
        with frame:
            yield from self.content()

    @abstractmethod
    def content(self) -> ComposeResult:
        """What stands in the frame."""

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Focus a widget; while the dialog is deaf none has it, and the last one asked for gets it afterwards."""
        self._waiting = widget if self._deaf else None
        if self._waiting is None:
            super().set_focus(widget, scroll_visible, from_app_focus)
        else:
            self.set_timer(self.DEAF_SECONDS, self._listen)

    @property
    def _deaf(self) -> bool:
        return self._clock() < self._hears_at

    def _listen(self) -> None:
        if self._waiting is not None and not self._deaf:
            self.set_focus(self._waiting)

    def _forward_event(self, event: events.Event) -> None:
        # Textual's way from the driver into a screen without a focused widget: there is no public one.
        typed = isinstance(event, events.Key | events.Paste | events.MouseDown | events.MouseUp | events.Click)
        if typed and self._deaf:
            return
        self._listen()
        if isinstance(event, events.Key | events.Paste) and self.focused is not None:
            self.focused._forward_event(event)
        else:
            super()._forward_event(event)
