"""The last line: keys that can be pressed now, each clickable, or for a moment what the cockpit has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.actions import ACTIONS, Action, Facts
from cockpit.text import clean, width
from cockpit.tui.lines import Line, Span, cells_of
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events

    from cockpit.tui.keys import Keymap
    from cockpit.tui.lines import Spans

SAID_SECONDS = 6.0
SHOWN = tuple(action for action in ACTIONS if action.label)
LAST = ("palette", "help", "quit")


class Footer(LineView):
    """Keys from the registry: dimmed where an action cannot be taken, in a colour where it leads to a write."""

    class Pressed(Message):
        """An entry was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    DEFAULT_CSS: ClassVar[str] = "Footer { height: 1; dock: bottom; background: $panel; }"

    def __init__(self, keymap: Keymap, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._keymap = keymap
        self._facts = Facts()
        self._armed = False
        self._said: Line | None = None
        self._said_until = 0.0
        self._write()

    def picture(self, facts: Facts, *, armed: bool, now: float) -> None:
        """Show the keys for what is possible; something said gives way after a while. `now` in seconds."""
        self._facts, self._armed = facts, armed
        if now >= self._said_until:
            self._said = None
        self._write()

    def say(self, text: str, role: str, now: float) -> None:
        """Say something in place of the keys, for a few seconds."""
        self._said = Line((Span(f" {clean(text)}", role),))
        self._said_until = now + SAID_SECONDS
        self._write()

    def on_click(self, event: events.Click) -> None:
        """Take the action under the mouse."""
        if self._said is not None:
            self._said = None
            self._write()
            return
        at = 0
        for action, spans in self._entries(self.size.width):
            at += cells_of(spans)
            if event.x < at:
                self.post_message(self.Pressed(action.id))
                return

    def _write(self) -> None:
        said = self._said
        self.draw(
            lambda size: [said or Line(tuple(span for _, spans in self._entries(size.width) for span in spans))]
        )

    def _entries(self, room: int) -> Iterator[tuple[Action, Spans]]:
        """What fits, in order; the last ones, with help among them, find room first."""
        fitting = set()
        for action in sorted(SHOWN, key=lambda action: action.id not in LAST):
            needed = self._cells(action)
            if needed <= room:
                fitting.add(action.id)
                room -= needed
        for action in SHOWN:
            if action.id in fitting:
                yield action, self._entry(action)

    def _cells(self, action: Action) -> int:
        return width(f" {self._keymap.shown(action.id)} {self._label(action)} ")

    def _entry(self, action: Action) -> Spans:
        key, label = f" {self._keymap.shown(action.id)} ", f"{self._label(action)} "
        if action.why_not(self._facts):
            return (Span(key, "muted dim"), Span(label, "muted dim"))
        role = "warn bold" if action.danger and self._armed else "accent bold"
        return (Span(key, role), Span(label))

    def _label(self, action: Action) -> str:
        return "disarm" if action.id == "arm" and self._armed else action.label
