"""Percents per revision, by typing, by points and by mouse; they sum to 100 at every moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from cockpit.release.traffic import percents
from cockpit.text import shorten
from cockpit.text import width as cells
from cockpit.tui.widgets.choice_list import ChoiceList
from cockpit.tui.widgets.split_bars import meter, swatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events

    from cockpit.tui.widgets.percent_draft import PercentDraft

QUICK = (0, 1, 5, 10, 25, 50, 75, 100)
"""The percents of a usual canary, one key apart."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A revision that may be given traffic. `name` is the full one or LATEST, `shown` the short one, clean.

    `blocked` says why it may not, "" where it may.
    """

    name: str
    shown: str
    tags: str = ""
    blocked: str = ""


class PercentEditor(ChoiceList[Candidate]):
    """One row a revision: before, after, gain and a bar. It edits a draft and says so with `Edited`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,equals_sign,right", "nudge(1)", show=False),
        Binding("minus,left", "nudge(-1)", show=False),
        Binding("pageup,shift+right,shift+up", "nudge(10)", show=False),
        Binding("pagedown,shift+left,shift+down", "nudge(-10)", show=False),
        Binding("right_square_bracket", "quick(1)", show=False),
        Binding("left_square_bracket", "quick(-1)", show=False),
        Binding("space", "hold", show=False),
        Binding("backspace", "rub", show=False),
    ]

    _columns = (0, 0)

    class Edited(Message):
        """The draft has changed."""

    def __init__(self, draft: PercentDraft, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self.draft = draft
        self._before: dict[str, int] = {}
        self._after: dict[str, int] = {}
        self._slots: Mapping[str, int] = {}
        self._typed = ""

    def edit(self, draft: PercentDraft, rows: Sequence[Candidate]) -> None:
        """Edit another draft, the cursor staying on its revision."""
        under = self.current
        self._take(draft)
        names = [row.name for row in rows]
        self.show(rows, names.index(under.name) if under and under.name in names else 0)

    def look(self, items: Sequence[Candidate]) -> None:
        """The longest name and the longest tags set the widths of their columns."""
        names = max((cells(row.shown) for row in items), default=0)
        self._columns = (names, max((cells(row.tags) for row in items), default=0))

    def colour(self, slots: Mapping[str, int]) -> None:
        """Give revisions their colours; those without one have no traffic, before or after."""
        self._slots = slots
        self.refresh()

    def line(self, item: Candidate, width: int, /) -> Content:
        """Hold mark, colour, name, tags, before, after, gain, bar."""
        slot = self._slots.get(item.name)
        names, tags = min(22, self._columns[0]), min(width // 6 if width >= 44 else 0, self._columns[1])
        start = Content.assemble(
            ("■ " if self.draft.holds(item.name) else "  ", "$accent"),
            swatch(slot) if slot is not None else "  ",
            f" {shorten(item.shown, names):<{names}} ",
            (f"{shorten(item.tags, tags):<{tags}} " if tags else "", "$text-muted"),
        )
        if item.blocked:
            return start.append(Content.styled(f"✗ {item.blocked}", "$error"))
        before, after = self._before.get(item.name, 0), self._after.get(item.name, 0)
        gain = after - before
        typing = self._typed and self.current == item
        numbers = Content.assemble(
            (f"{before:>3} → ", "$text-muted"),
            (f"{after:>3}", "bold underline" if typing else "bold"),
            (" %  ", "$text-muted"),
            (
                f"{gain:+4d}".replace("-", "−") if gain else "   ·",
                "$success" if gain > 0 else "$warning" if gain else "$text-muted",
            ),
            "  ",
        )
        line = start.append(numbers)
        room = width - line.cell_length
        return line.append(meter(after, slot or 0, room)) if room >= 6 else line

    def action_nudge(self, points: int) -> None:
        """Points more or less for the revision under the cursor."""
        self._typed = ""
        if (row := self._open_row()) is not None:
            self._set(self.draft.nudge(row.name, points))

    def action_quick(self, steps: int) -> None:
        """The next quick value above or below."""
        if (row := self._open_row()) is None:
            return
        now = self._after.get(row.name, 0)
        above = [value for value in QUICK if value > now]
        below = [value for value in QUICK if value < now]
        self.put(above[0] if steps > 0 and above else below[-1] if steps < 0 and below else now)

    def action_hold(self) -> None:
        """Hold the row at its percents, or let it share the rest again."""
        if (row := self._open_row()) is not None:
            self._set(self.draft.toggle_hold(row.name))

    def action_rub(self) -> None:
        """Take the last typed digit back."""
        if (row := self._open_row()) is not None:
            self._typed = (self._typed or str(self._after.get(row.name, 0)))[:-1]
            self._set(self.draft.put(row.name, int(self._typed or 0)))

    def put(self, percent: int) -> None:
        """Give the revision under the cursor its percents."""
        self._typed = ""
        if (row := self._open_row()) is not None:
            self._set(self.draft.put(row.name, percent))

    def on_key(self, event: events.Key) -> None:
        """Digits are percents: "2" then "5" is 25."""
        if event.character is None or event.character not in "0123456789":
            return
        event.stop()
        if (row := self._open_row()) is not None:
            typed = self._typed + event.character
            self._typed = typed if int(typed) <= 100 else event.character
            self._set(self.draft.put(row.name, int(self._typed)))

    def watch_cursor(self, before: int, after: int) -> None:
        """Typing ends where the cursor leaves."""
        self._typed = ""
        super().watch_cursor(before, after)

    def on_blur(self) -> None:
        """And where the focus does."""
        self._typed = ""
        self.refresh()

    def _open_row(self) -> Candidate | None:
        row = self.current
        return None if row is None or row.blocked else row

    def _set(self, draft: PercentDraft) -> None:
        if draft != self.draft:
            self._take(draft)
            self.refresh()
            self.post_message(self.Edited())

    def _take(self, draft: PercentDraft) -> None:
        self.draft, self._before, self._after = draft, percents(draft.base), draft.percents
