"""The last line: keys that can be pressed now, each clickable, or for a moment what the cockpit has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.actions import ACTIONS, BY_ID, Facts, Group
from cockpit.text import clean
from cockpit.tui.layout import REVISIONS
from cockpit.tui.lines import Line, Span, cells_of
from cockpit.tui.pane_keys import LOOKING_BACK, PANE_KEYS, PLAYING, Entry
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from textual import events

    from cockpit.tui.keys import Keymap
    from cockpit.tui.lines import Spans

SAID_SECONDS = 6.0

FIRST = ("help", "palette", "shift", "rollback", "quit", "promote", "arm")
"""What finds room before anything else; the pane's first entry comes third."""

_GENERAL = {action.id: Entry(action.label, (action.id,)) for action in ACTIONS if action.label}
TRAFFIC, LOOK, LAST = (
    tuple(entry for name, entry in _GENERAL.items() if BY_ID[name].group is group)
    for group in (Group.TRAFFIC, Group.LOOK, Group.COCKPIT)
)


class Footer(LineView):
    """Keys from the registry: dimmed where an action cannot be taken, in a colour where it leads to a write.

    Those of the pane that has the focus stand after its name.
    """

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
        self._pane, self._pane_name = REVISIONS, ""
        self._own_keys = self._keys_of(REVISIONS)
        self._said: Line | None = None
        self._said_until = 0.0
        self._write()

    def picture(self, facts: Facts, *, armed: bool, now: float) -> None:
        """Show the keys for what is possible; something said gives way after a while. `now` in seconds."""
        self._facts, self._armed = facts, armed
        if now >= self._said_until:
            self._said = None
        self._write()

    def attend(self, pane: int, name: str) -> None:
        """Show the keys of another pane, by its number and name."""
        if pane != self._pane or name != self._pane_name:
            self._pane, self._pane_name = pane, name
            self._own_keys = self._keys_of(pane)
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
        for entry, spans in self._entries(self.size.width):
            at += cells_of(spans)
            if event.x < at:
                if entry.actions:
                    self.post_message(self.Pressed(entry.actions[-1]))
                return

    def _write(self) -> None:
        said = self._said
        self.draw(
            lambda size: [said or Line(tuple(span for _, spans in self._entries(size.width) for span in spans))]
        )

    def _entries(self, room: int) -> list[tuple[Entry, Spans]]:
        """What fits: what changes traffic, the pane's own keys after its name, the rest, help at the end."""
        own = PANE_KEYS[self._pane]
        told = {action for entry in own for action in entry.actions}
        others = [entry for entry in LOOK if told.isdisjoint(entry.actions) and not self._is_shadowed(entry)]
        pane = Entry(self._pane_name, ())
        traffic = self._back or tuple(entry for entry in TRAFFIC if not self._is_shadowed(entry))
        shown = (*traffic, pane, *own, *others, *LAST)
        urgent = [entry for entry in map(_GENERAL.__getitem__, FIRST) if entry in shown]
        first = [*self._back[:1], *urgent[:2], own[0], *urgent[2:], *self._back, pane, *own]
        fitting = []
        for entry in dict.fromkeys((*first, *shown)):
            spans = self._spans(entry)
            if (needed := cells_of(spans)) <= room:
                fitting.append(entry)
                room -= needed
        return [(entry, self._spans(entry)) for entry in shown if entry in fitting]

    @property
    def _back(self) -> tuple[Entry, ...]:
        """What stands in the place of what changes traffic while nothing can be changed."""
        if self._facts.plays:
            return PLAYING
        return LOOKING_BACK if self._facts.looking_back else ()

    def _is_shadowed(self, entry: Entry) -> bool:
        """Whether the key means something else in the pane that has the focus."""
        return any(key in self._own_keys for action in entry.actions for key in self._keymap.keys[action][:1])

    def _keys_of(self, pane: int) -> frozenset[str]:
        """The keys that mean something of their own in a pane."""
        scopes = {BY_ID[action].scope for own in PANE_KEYS[pane] for action in own.actions} - {None}
        return frozenset(
            key for action in ACTIONS if action.scope in scopes for key in self._keymap.keys[action.id]
        )

    def _spans(self, entry: Entry) -> Spans:
        if not entry.actions:
            return (Span(f"  {entry.label} ", "muted"),)
        action = BY_ID[entry.actions[-1]]
        key = f" {''.join(map(self._keymap.shown, entry.actions))} "
        label = f"{'disarm' if action.id == 'arm' and self._armed else entry.label} "
        if action.group is not Group.MOVE and action.why_not(self._facts):
            return (Span(key, "muted dim"), Span(label, "muted dim"))
        role = "warn bold" if action.danger and self._armed else "accent bold"
        return (Span(key, role), Span(label))
