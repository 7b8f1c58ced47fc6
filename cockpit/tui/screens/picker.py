"""Which service? Any of a fleet of hundreds, by a few letters of its name."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from cockpit.live.problems import problem_of
from cockpit.release.fleet import state_of
from cockpit.release.service import Service, ServiceRef
from cockpit.sources.errors import SourceError
from cockpit.text import age, clean, duration, shorten
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.screens.welcome import DEMO, advice
from cockpit.tui.views.fleet import MARKS, split_words
from cockpit.tui.widgets.choice_list import ChoiceList
from cockpit.tui.widgets.fuzzy import Match, ranked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from cockpit.live.session import Fleet
    from cockpit.live.snapshot import Problem

_COLOURS = {"good": "$success", "bad": "$error", "warn": "$warning", "muted": "$text-muted"}

Found = tuple[Service, Match]


class ServiceList(ChoiceList[Found]):
    """Services as rows: state and name first, the rest as wide as there is room."""

    _longest = 0

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._now = now

    def look(self, items: Sequence[Found]) -> None:
        """The longest name sets the width of its column."""
        self._longest = max((len(service.ref.service) for service, _ in items), default=0)

    def line(self, item: Found, width: int, /) -> Content:
        """State, name with the letters that matched, split, region, age and last modifier."""
        service, hit = item
        shape, role, _ = MARKS[state_of(service)]
        wide = width >= 70
        room = max(8, min(self._longest, width - (44 if wide else 22)))
        name = shorten(clean(service.ref.service), room)
        shown = Content(name)
        for at in hit.positions:
            shown = shown.stylize("$accent bold underline", at, at + 1) if at < len(name) else shown
        shown = shown.pad_right(room - shown.cell_length)
        parts = [
            Content.styled(f"{shape} ", _COLOURS[role]),
            shown,
            Content(f"  {split_words(service):<18.18}"),
        ]
        if wide:
            parts.append(Content.styled(f"  {clean(service.ref.region):<15.15}", "$text-muted"))
            seconds = (self._now() - service.updated).total_seconds() if service.updated else None
            parts.append(Content.styled(f"{age(seconds):>4} ", "$text-muted"))
        if width >= 100:
            parts.append(Content.styled(f" {clean(service.last_modifier)}", "$text-muted"))
        return Content("").join(parts)


class PickerScreen(Dialog[ServiceRef | None]):
    """Choose a service of the fleet; answers its name, None for none.

    `now` is the wall clock in UTC, for ages.
    """

    DEFAULT_CSS = """
    PickerScreen #frame { height: 100%; }
    PickerScreen.-lofty #frame { height: 80%; }
    PickerScreen ServiceList { height: 1fr; }
    PickerScreen ServiceList > .choice-list--cursor { background: $block-cursor-background; text-style: bold; }
    PickerScreen #state { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "list('move', -1)", show=False, priority=True),
        Binding("down", "list('move', 1)", show=False, priority=True),
        Binding("pageup", "list('page', -1)", show=False, priority=True),
        Binding("pagedown", "list('page', 1)", show=False, priority=True),
        Binding("ctrl+r,f5", "read", show=False),
    ]
    AUTO_FOCUS = "Input"

    def __init__(
        self,
        fleet: Fleet,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__("Services", clock=clock)
        self._fleet = fleet
        self._now = now
        self._began = clock()
        self._services: tuple[Service, ...] | None = None
        self._problem: Problem | None = None

    def content(self) -> ComposeResult:
        """What is typed, what was found, and the list."""
        yield Input(placeholder="type a few letters", id="query", compact=True)
        yield Static(id="state")
        yield ServiceList(self._now, id="services")

    def on_mount(self) -> None:
        """Read the fleet, with a running clock while it takes its time."""
        self.query_one("#frame").border_subtitle = Content("⏎ opens   ctrl+r reads again   esc closes")
        self.set_interval(1.0, self._say)
        self.action_read()

    def action_read(self) -> None:
        """Read the fleet (again)."""
        self._began = self._clock()
        self._services, self._problem = None, None
        self._read()
        self._say()

    @work(exclusive=True)
    async def _read(self) -> None:
        try:
            self._services = tuple(sorted(await self._fleet.services(), key=lambda service: service.ref))
        except SourceError as error:
            self._problem = problem_of(error)
        self._find()

    def on_input_changed(self) -> None:
        """Find while typing."""
        self._find()

    def on_input_submitted(self) -> None:
        """Open what is under the cursor."""
        self._open()

    def on_choice_list_chosen(self) -> None:
        """Open what was chosen."""
        self._open()

    def action_list(self, what: str, by: int) -> None:
        """Move in the list while typing."""
        services = self.query_one(ServiceList)
        services.action_move(by) if what == "move" else services.action_page(by)

    def _open(self) -> None:
        found = self.query_one(ServiceList).current
        if found is not None:
            self.dismiss(found[0].ref)

    def _find(self) -> None:
        query = self.query_one("#query", Input).value
        found = ranked(query, self._services or (), lambda service: clean(service.ref.service))
        self.query_one(ServiceList).show(found)
        self._say()

    def _say(self) -> None:
        self.query_one("#state", Static).update(self._state())

    def _state(self) -> Content:
        if self._problem is not None:
            return trouble(self._problem)
        if self._services is None:
            return Content.styled(
                f"◌ reading the project's services … {duration(self._clock() - self._began)}", "$text-muted"
            )
        if not self._services:
            return Content("There is no service in this project and region.")
        found = len(self.query_one(ServiceList).items)
        return Content.styled(f"{found} of {len(self._services)} services", "$text-muted")


def trouble(problem: Problem) -> Content:
    """Why there is no list, what to do about it, and what works without an account."""
    mend = f"\n  {clean(problem.mend)}" if problem.mend else ""
    lines = [Content.assemble(("✗ ", "$error bold"), clean(problem.text), (mend, "$text-muted"))]
    without = ("Without an account: a local Cloud Run with live load", DEMO)
    for words, command in (*advice(problem.kind, "").steps, without):
        lines.append(Content.assemble("\n", words, (f"\n  {command}" if command else "", "$accent")))
    return Content("\n").join(lines)
