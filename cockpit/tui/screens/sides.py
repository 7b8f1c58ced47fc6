"""Somebody else wrote in between: what was planned from, what was asked, and what was found."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from cockpit.actions.reasons import only_looking
from cockpit.live.snapshot import Change, Sides
from cockpit.release.plan import Intent
from cockpit.release.state import short_name
from cockpit.release.traffic import label, percents, tags
from cockpit.text import clean, shorten
from cockpit.tui.app import CockpitApp
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.widgets.answer import Answer
from cockpit.tui.widgets.split_bars import Split, SplitBars, slots_of, swatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult

    from cockpit.live.session import Session
    from cockpit.release.traffic import Split as Targets

COLUMNS = ("planned", "asked", "found")


class SidesScreen(Dialog[None]):
    """The three sides of an overtaken change. It writes nothing; planning again starts from what now stands."""

    DEFAULT_CSS = """
    SidesScreen { #frame { max-width: 84; } #bars, #table { margin-top: 1; } }
    SidesScreen.-short { #bars, #table { margin-top: 0; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]
    AUTO_FOCUS = "#close"
    app = getters.app(CockpitApp)

    def __init__(self, session: Session, change: Change, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__("Somebody else wrote in between", clock=clock)
        self._session = session
        self._change = change
        self._service = change.ref.service

    def content(self) -> ComposeResult:
        """Who, three bars, the numbers, the tags, and the way on."""
        with VerticalScroll(can_focus=False):
            yield Static(self._who(), id="who")
            yield SplitBars(id="bars")
            yield Static(id="table")
        with Horizontal(classes="choices"):
            yield Answer("Close", id="close")
            yield Answer("Plan again from what stands", "r", id="again")

    def on_mount(self) -> None:
        """Draw the sides."""
        sides = self._change.sides
        if sides is None:
            return
        splits = (sides.planned_from, sides.asked, sides.found)
        names = list(dict.fromkeys(name for split in splits for name in percents(split)))
        slots = slots_of(self.app.slots, self._session.snapshot, names)
        bars = [
            Split(word, tuple((name, percents(split)[name]) for name in names if name in percents(split)))
            for word, split in zip(COLUMNS, splits, strict=True)
        ]
        self.query_one(SplitBars).show(bars, slots)
        self.query_one("#table", Static).update(self._table(sides, names, slots))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Close, or plan again."""
        if event.button.id == "again":
            self.action_again()
        else:
            self.dismiss(None)

    def action_again(self) -> None:
        """Read again, and open the dialog the change came from on what now stands; not for who only looks on."""
        app = self.app
        reason = only_looking(app.facts)
        if reason:
            app.say(reason, "warn")
            return
        self._session.refresh()
        self.dismiss(None)
        if self._change.intent is Intent.TAG:
            from cockpit.tui.screens.tags import TagsScreen

            app.push_screen(TagsScreen(self._session))
        else:
            from cockpit.tui.screens.shift import ShiftScreen

            app.push_screen(ShiftScreen(self._session))

    def _who(self) -> Content:
        sides, change = self._change.sides, self._change
        if sides is None:
            return Content("Nothing more is known of it.")
        who = clean(sides.found_modifier) or "Somebody"
        lines = [
            Content.assemble(
                (who, "bold"), " left generation ", (f"{sides.found_generation}", "bold"), " of the service."
            ),
            Content("What was found stands. The cockpit writes nothing more by itself."),
        ]
        if change.problem is not None:
            lines.insert(1, Content.styled(clean(change.problem.text), "$warning"))
        return Content("\n").join(lines)

    def _table(self, sides: Sides, names: list[str], slots: Mapping[str, int]) -> Content:
        splits = (sides.planned_from, sides.asked, sides.found)
        head = "".join(f"{word:>9}" for word in COLUMNS)
        lines = [Content.styled(f"{'':22}{head}", "$text-muted")]
        for name in names:
            shown = shorten(clean(short_name(label(name), self._service)), 18)
            numbers = [percents(split).get(name, 0) for split in splits]
            moved = numbers[2] != numbers[0]
            cells = [f"{number:>7} %" for number in numbers]
            found = Content.styled(cells[2], "$warning bold" if moved else "")
            lines.append(Content.assemble(swatch(slots[name]), f" {shown:<19}", "".join(cells[:2]), found))
        lines += [self._tag_line(tag, splits) for tag in _moved_tags(splits)]
        return Content("\n").join(lines)

    def _tag_line(self, tag: str, splits: tuple[Targets, ...]) -> Content:
        places = [tags(split).get(tag) for split in splits]
        words = [clean(short_name(label(place), self._service)) if place is not None else "–" for place in places]
        return Content.assemble(("tag ", "$text-muted"), clean(tag), "  ", " → ".join(words))


def _moved_tags(splits: tuple[Targets, ...]) -> list[str]:
    """Tags that are not in the same place on every side."""
    every = sorted({tag for split in splits for tag in tags(split)})
    return [tag for tag in every if len({tags(split).get(tag) for split in splits}) > 1]
