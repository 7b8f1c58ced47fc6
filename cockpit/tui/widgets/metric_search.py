"""Every metric of an engine in a box: found by a few letters, with the values now of those in view."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from cockpit.live.metrics.picture import sample_time
from cockpit.metrics.engine import QueryError
from cockpit.metrics.scraped import FAMILIES
from cockpit.text import age, clean
from cockpit.tui.app import CockpitApp
from cockpit.tui.catalogues import Catalogue, Glance, read_catalogue, read_values
from cockpit.tui.courses import window_of
from cockpit.tui.views.expression_words import complaint
from cockpit.tui.widgets.metric_list import Found, MetricList, columns, found_by
from cockpit.tui.widgets.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.worker import Worker

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.catalogue import Metric

SETTLING = 0.08
"""Seconds a view must rest before the engine is asked about what is in it."""
CATALOGUE_SECONDS = 30.0
"""How often metrics that are new are looked for."""


class MetricSearch(Vertical):
    """Letters, the metrics they find, and why there are none or no values.

    `follow` hands it the snapshots, so that values stay new.
    """

    DEFAULT_CSS: ClassVar[str] = """
    MetricSearch {
        border: round $border; border-title-color: $text; border-title-style: bold;
        &:focus-within { border: round $focus; }
        Input.-textual-compact { padding: 0 1; }
        #heading { height: 1; }
        #state { height: auto; max-height: 4; padding: 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "list('move', -1)", show=False),
        Binding("down", "list('move', 1)", show=False),
        Binding("pageup", "list('page', -1)", show=False),
        Binding("pagedown", "list('page', 1)", show=False),
    ]
    app = getters.app(CockpitApp)

    class Moved(Message):
        """The cursor stands on another metric, or on none."""

        def __init__(self, metric: Metric | None) -> None:
            super().__init__()
            self.metric = metric

    class Chosen(Message):
        """The metric under the cursor was chosen."""

    def __init__(self, session: Session, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._session = session
        self._letters = Input(
            placeholder="type a few letters of a metric's name or help", id="search", compact=True
        )
        self._heading = Words(id="heading")
        self._list = MetricList(id="metrics")
        self._trouble = Words(id="state")
        self._catalogue: Catalogue | None = None
        self._read_at = 0.0
        self._problem: QueryError | None = None
        self._found_for = ""
        self._current: Metric | None = None
        self._values: dict[str, Mapping[str, float]] = {}
        self._values_at: float | None = None
        self._asking: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """From the letters to what is wrong."""
        yield from (self._letters, self._heading, self._list, self._trouble)

    def on_mount(self) -> None:
        """Read what there is."""
        self.watch(self._list, "scroll_y", self._look_closer, init=False)
        self.read()

    def on_resize(self) -> None:
        """Other columns have room, and more may be in view."""
        self._say()
        self._look_closer()

    def action_list(self, what: str, by: int) -> None:
        """Move in the list while typing."""
        self._list.action_move(by) if what == "move" else self._list.action_page(by)

    def read(self) -> None:
        """Read the metrics (again)."""
        self._read_at = self.app.now()
        self._read()
        self._say()

    def follow(self, *, fresh: bool) -> None:
        """Time has gone on. Where there are `fresh` samples, ask for newer values, unless some are awaited."""
        if self.app.now() - self._read_at >= CATALOGUE_SECONDS:
            self.read()
        if fresh and (self._asking is None or self._asking.is_finished):
            self._asking = self._read_values(0)
        self._say()

    @work(exclusive=True, group="catalogue")
    async def _read(self) -> None:
        engine, snapshot = self._session.engine, self.app.snapshot
        if engine is None or snapshot is None:
            return
        try:
            self._catalogue = await read_catalogue(engine, _milliseconds(snapshot))
        except QueryError as error:
            self._problem = error
        else:
            self._problem = self._catalogue.problem
            self._find()
        self._say()

    def on_input_changed(self) -> None:
        """Find while typing."""
        self._find()

    @work(exclusive=True, group="find")
    async def _find(self) -> None:
        """In a thread, so that no letter waits for the one before; the newest wins."""
        query = self._query
        self._show(query, await asyncio.to_thread(found_by, query, self._all))

    def _show(self, query: str, found: list[Found]) -> None:
        """Show what was found; the cursor stays with its metric unless other letters were typed."""
        names = [metric.name for metric, _ in found] if query == self._found_for else []
        held = self._current.name if self._current else ""
        self._found_for = query
        self._list.show(found, names.index(held) if held in names else 0)
        self._say()
        self._look_closer()

    def on_input_submitted(self) -> None:
        """Choose what is found, also where the last letters have not been looked for yet."""
        if self._query != self._found_for:
            self._show(self._query, found_by(self._query, self._all))
        self._list.action_choose()

    def on_choice_list_moved(self, event: MetricList.Moved) -> None:
        """Tell where the cursor stands."""
        event.stop()
        found = self._list.current
        metric = found[0] if found else None
        if metric != self._current:
            self._current = metric
            self.post_message(self.Moved(metric))

    def on_choice_list_chosen(self, event: MetricList.Chosen) -> None:
        """Say so, once it is known where the cursor stands."""
        event.stop()
        self.post_message(self.Chosen())

    def _look_closer(self) -> None:
        """Other metrics are in view: ask for their values once they stay."""
        self._asking = self._read_values(SETTLING)

    @work(exclusive=True, group="values")
    async def _read_values(self, settling: float) -> None:
        await asyncio.sleep(settling)
        engine, snapshot = self._session.engine, self.app.snapshot
        if engine is not None and snapshot is not None and self._list.in_view:
            metrics = self._list.in_view
            self._take(await read_values(engine, metrics, window_of(snapshot), _milliseconds(snapshot)), snapshot)

    def _take(self, glance: Glance, snapshot: Snapshot) -> None:
        from cockpit.tui.views.traffic import active

        self._values.update(glance.values)
        self._values_at = self.app.now() if glance.values else self._values_at
        self._problem = glance.problem or (self._catalogue.problem if self._catalogue else None)
        known = {revision for each in self._values.values() for revision in each}
        serving = active(snapshot)
        order = [*(each for each in serving if each in known), *sorted(known.difference(serving))]
        self._list.picture(self._values, columns(order, self.app.slots.give(serving), snapshot.ref.service))
        self._say()

    @property
    def _query(self) -> str:
        return self._letters.value

    @property
    def _all(self) -> Sequence[Metric]:
        return self._catalogue.metrics if self._catalogue else ()

    def _say(self) -> None:
        everything, found = len(self._all), len(self._list.items)
        count = f" · {found:,} of {everything:,}" if self._found_for else f" · {everything:,}"
        self.border_title = Content(f"Metrics{count if self._catalogue else ''}")
        self._heading.say(self._list.heading(self._list.scrollable_content_region.width))
        self._trouble.say(self._state())

    def _state(self) -> Content:
        if self._problem is not None:
            old = "" if self._values_at is None else f" · values are {age(self.app.now() - self._values_at)} old"
            return complaint(self._problem).append(Content.styled(old, "$text-muted"))
        if self._catalogue is None:
            return Content.styled("◌ reading the metrics …", "$text-muted")
        if all(each.name in FAMILIES for each in self._all):
            return _nothing(self.app.snapshot)
        if not self._list.items:
            return Content.styled(
                "No metric has these letters in its name, or the words in its help.", "$text-muted"
            )
        return Content()


def _milliseconds(snapshot: Snapshot) -> int:
    return round(1000 * sample_time(snapshot))


def _nothing(snapshot: Snapshot | None) -> Content:
    """Why there is no metric: what stands in the way of the first target that has a reason."""
    targets = snapshot.metrics.targets if snapshot and snapshot.metrics else ()
    problem = next((each.feed.problem for each in targets if each.feed.problem), None)
    if problem is None:
        return Content.styled("No metric yet: nothing has been scraped.", "$text-muted")
    mend = f"\n  {clean(problem.mend)}" if problem.mend else ""
    return Content.assemble(("No metric yet: ", "$warning bold"), clean(problem.text), (mend, "$text-muted"))
