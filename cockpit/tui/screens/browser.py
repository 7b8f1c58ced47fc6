"""Every metric there is: found by a few letters, with its values, charted by revision and split by its labels."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from cockpit.metrics.breakdown import labels, refusal
from cockpit.metrics.engine import QueryError
from cockpit.metrics.measures import expression, measures
from cockpit.metrics.signals.queries import duration
from cockpit.text import age, clean
from cockpit.tui import openings
from cockpit.tui.app import CockpitApp
from cockpit.tui.catalogues import Found as Catalogue
from cockpit.tui.catalogues import Glance, read_catalogue, read_values
from cockpit.tui.courses import Course
from cockpit.tui.widgets.choice_list import ChoiceList
from cockpit.tui.widgets.expression_chart import ExpressionChart, refused
from cockpit.tui.widgets.label_list import LabelList
from cockpit.tui.widgets.metric_about import Look, MetricAbout
from cockpit.tui.widgets.metric_list import Found, MetricList, columns, found_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.worker import Worker

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.breakdown import Label
    from cockpit.metrics.catalogue import Metric
    from cockpit.metrics.labels import Labels
    from cockpit.tui.past_expressions import PastExpressions

SETTLING = 0.08
"""Seconds the cursor must rest before the engine is asked about what it stands on."""
CATALOGUE_SECONDS = 30.0
"""How often metrics that are new are looked for."""
WIDE, TALL = 100, 28
"""From this size on the list and the chart stand over each other; below, one at a time is in view."""

_WHY = "⏎ on a metric charts it by revision"
_KEYS = {
    "search": "type to find · ↑↓ choose · ⏎ chart · ⇥ labels · esc back",
    "metrics": "⏎ chart · / find · e PromQL · x copy · ⇥ labels · esc back",
    "labels": "space split or fold · n measure · e PromQL · x copy · f whole chart · esc back",
    "chart": "e PromQL · f whole · ←→ cursor · ⇧←→ move · + - zoom · 0 live · y fix values · c compare · esc back",
}


class BrowserScreen(Screen[None]):
    """Metrics above, the one under the cursor and its chart below; on little room the chart has the screen.

    `past` are the expressions that were asked for: the editor, which `e` opens, goes back to them.
    """

    DEFAULT_CSS: ClassVar[str] = """
    BrowserScreen {
        background: $background;
        Static { height: auto; }
        #list {
            height: 1fr; border: round $border; border-title-color: $text; border-title-style: bold;
            &:focus-within { border: round $focus; }
        }
        Input { padding: 0 1; }
        #heading { height: 1; }
        ChoiceList {
            height: 1fr; scrollbar-size-vertical: 1;
            scrollbar-background: $background; scrollbar-background-hover: $background;
            scrollbar-background-active: $background;
            scrollbar-color: $border; scrollbar-color-hover: $primary; scrollbar-color-active: $primary;
        }
        #state, #said { padding: 0 1; max-height: 4; }
        #below { height: 1fr; }
        MetricAbout { width: 2fr; }
        #course { width: 3fr; }
        ExpressionChart { height: 1fr; }
        #expression { padding: 0 1; max-height: 3; color: $text-muted; }
        #keys { dock: bottom; height: 1; padding: 0 1; background: $panel; color: $text-muted; text-wrap: nowrap;
                text-overflow: ellipsis; }
        &.-paged {
            #below { layout: vertical; height: 10; }
            MetricAbout { width: 1fr; height: 1fr; }
            LabelList { margin-top: 0; }
            #help { max-height: 2; }
            #course { display: none; width: 1fr; }
        }
        &.-charted {
            #list { display: none; }
            #below { height: 1fr; }
            #course { display: block; height: 2fr; }
            &.-paged #help { display: none; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "list('move', -1)", show=False),
        Binding("down", "list('move', 1)", show=False),
        Binding("pageup", "list('page', -1)", show=False),
        Binding("pagedown", "list('page', 1)", show=False),
        Binding("slash", "search", show=False),
        Binding("n", "next_measure(1)", show=False),
        Binding("N", "next_measure(-1)", show=False),
        Binding("e", "edit", show=False),
        Binding("x,ctrl+y", "copy", show=False),
        Binding("f", "whole", show=False),
        Binding("ctrl+r,f5", "read", show=False),
        Binding("escape", "back", show=False),
    ]
    AUTO_FOCUS = "Input"
    app = getters.app(CockpitApp)

    def __init__(self, session: Session, past: PastExpressions) -> None:
        super().__init__()
        self._session = session
        self._past = past
        self._metrics = MetricList(id="metrics")
        self._about = MetricAbout()
        self._chart = ExpressionChart(session, _WHY, id="chart")
        self._catalogue: Catalogue | None = None
        self._read_at = 0.0
        self._problem: QueryError | None = None
        self._found_for = ""
        self._looks: dict[str, Look] = {}
        self._subject: Metric | None = None
        self._series: Sequence[Labels] = ()
        self._labels: tuple[Label, ...] = ()
        self._values: dict[str, Mapping[str, float]] = {}
        self._values_at: float | None = None
        self._glance: Worker[None] | None = None
        self._reading_at: float | None = None

    def compose(self) -> ComposeResult:
        """The list, what is under the cursor, its chart, and the keys."""
        with Vertical(id="list"):
            yield Input(placeholder="type a few letters", id="search", compact=True)
            yield Static(id="heading")
            yield self._metrics
            yield Static(id="state")
        with Horizontal(id="below"):
            yield self._about
            with Vertical(id="course"):
                yield self._chart
                yield Static(id="expression")
                yield Static(id="said")
        yield Static(id="keys")

    def on_mount(self) -> None:
        """Read what there is, and follow the snapshots."""
        self.watch(self._metrics, "scroll_y", self._look_closer, init=False)
        self.app.snapshots.subscribe(self, self._follow)
        self._say_keys()
        self._arrange()
        self.action_read()

    def on_resize(self, _event: events.Resize) -> None:
        """Arrange for the new size."""
        self._arrange()

    # What there is

    def action_read(self) -> None:
        """Read the metrics (again)."""
        self._read_at = self.app.now()
        self._read()
        self._say_state()

    @work(exclusive=True, group="catalogue")
    async def _read(self) -> None:
        engine = self._session.engine
        if engine is None:
            return
        try:
            self._catalogue = await read_catalogue(engine, self._now())
        except QueryError as error:
            self._problem = error
        else:
            self._problem = self._catalogue.problem
            self._find()
        self._say_state()

    def on_input_changed(self) -> None:
        """Find while typing."""
        self._find()

    @work(exclusive=True, group="find")
    async def _find(self) -> None:
        """In a thread, so that no letter waits for the one before; the newest wins."""
        query = self._query
        self._show_found(query, await asyncio.to_thread(found_by, query, self._all))

    def _show_found(self, query: str, found: list[Found]) -> None:
        """Show what was found; the cursor stays with its metric unless other letters were typed."""
        names = [metric.name for metric, _ in found] if query == self._found_for else []
        held = self._subject.name if self._subject else ""
        self._found_for = query
        self._metrics.show(found, names.index(held) if held in names else 0)
        self._say_state()
        self._look_closer()

    # What is under the cursor

    def on_choice_list_moved(self, event: ChoiceList.Moved) -> None:
        """Tell about the metric under the cursor."""
        if event.choices is not self._metrics:
            return
        found = self._metrics.current
        metric = found[0] if found else None
        if metric != self._subject:
            self._subject, self._series, self._labels = metric, (), ()
            self._about.picture(metric, self._look)
            self._about.picture_labels((), self._look, "" if metric is None else "◌")
            self._read_labels()

    @work(exclusive=True, group="labels")
    async def _read_labels(self) -> None:
        metric, engine = self._subject, self._session.engine
        if metric is None or engine is None:
            return
        await asyncio.sleep(SETTLING)
        try:
            self._series = await engine.series(metric.sample_name)
        except QueryError as error:
            self._about.picture_labels((), self._look, f"labels: {clean(str(error))}")
        else:
            self._labels = await asyncio.to_thread(labels, self._series)
            self._about.picture_labels(self._labels, self._look)

    def _look_closer(self) -> None:
        """Other metrics are in view: ask for their values once they stay."""
        self._glance = self._read_values(SETTLING)

    @work(exclusive=True, group="values")
    async def _read_values(self, settling: float) -> None:
        await asyncio.sleep(settling)
        engine, snapshot = self._session.engine, self.app.snapshot
        if engine is None or snapshot is None or not self._metrics.in_view:
            return
        glance = await read_values(engine, self._metrics.in_view, self._window, self._now())
        self._take(glance, snapshot)

    def _take(self, glance: Glance, snapshot: Snapshot) -> None:
        from cockpit.tui.views.traffic import active

        self._values.update(glance.values)
        if glance.values:
            self._values_at = self.app.now()
        if glance.problem is not None or self._catalogue is None or self._catalogue.problem is None:
            self._problem = glance.problem
        known = {revision for each in self._values.values() for revision in each}
        serving = active(snapshot)
        order = [*(each for each in serving if each in known), *sorted(known.difference(serving))]
        self._metrics.picture(self._values, columns(order, self.app.slots.give(serving), snapshot.ref.service))
        self._say_state()

    # Its chart

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Chart a metric, or split the chart by a label."""
        if event.choices is self._metrics:
            self._chart_it()
            self._about.labels.focus()
        else:
            self._about.labels.action_split()

    def on_input_submitted(self) -> None:
        """Chart what was found, also where the last letters have not been looked for yet."""
        if self._query != self._found_for:
            self._show_found(self._query, found_by(self._query, self._all))
        self._metrics.action_choose()

    def on_label_list_split(self, event: LabelList.Split) -> None:
        """Split the chart by a label, or fold it; a label that would make too many lines is refused."""
        self._split(event.label)

    @work(exclusive=True, group="split")
    async def _split(self, label: Label) -> None:
        look = self._look
        splits = label.name not in look.by
        reason = await asyncio.to_thread(refusal, label, self._series, look.by) if splits else ""
        if reason:
            self._say(Content.assemble(("not split: ", "$warning bold"), clean(reason)))
            return
        self._put_look(look.toggled(label.name))

    def action_measure(self, index: int) -> None:
        """Look at the metric in another way."""
        self._put_look(Look(index, self._look.by))

    def action_next_measure(self, by: int) -> None:
        """Look at the metric in the next way."""
        if self._subject is not None:
            self.action_measure((self._look.measure + by) % len(measures(self._subject)))

    def _put_look(self, look: Look) -> None:
        if self._subject is not None:
            self._looks[self._subject.name] = look
            self._about.picture(self._subject, look)
            self._about.picture_labels(self._labels, look)
            self._chart_it()

    def _chart_it(self) -> None:
        course = self._course
        if course is None:
            return
        self.set_class(self.has_class("-paged") or self.has_class("-charted"), "-charted")
        self.query_one("#expression", Static).update(Content(clean(course.expression)))
        self._say(Content())
        self._chart.ask(course)

    def on_expression_chart_answered(self, event: ExpressionChart.Answered) -> None:
        """The engine's remarks stand under the chart."""
        if event.notes:
            self._say(Content.styled("\n".join(map(clean, event.notes[:2])), "$text-muted"))

    def on_expression_chart_refused(self, event: ExpressionChart.Refused) -> None:
        """Why there is no newer chart."""
        self._say(refused(event.error))

    def action_edit(self) -> None:
        """Write on at the chart's expression, or at that of the metric under the cursor."""
        if (course := self._chart.course or self._course) is not None:
            self.app.push_screen(openings.editor(self._session, self._past, course.expression))

    def action_copy(self) -> None:
        """Copy the expression."""
        if (course := self._chart.course or self._course) is not None:
            self.app.copy_to_clipboard(course.expression)
            self.notify("Copied: the expression", markup=False)

    # Moving about

    def action_list(self, what: str, by: int) -> None:
        """Move in the list while typing."""
        self._metrics.action_move(by) if what == "move" else self._metrics.action_page(by)

    def action_search(self) -> None:
        """Go back to the letters."""
        self.remove_class("-charted")
        self.query_one("#search").focus()

    def action_whole(self) -> None:
        """The chart on the whole screen, or the list above it again."""
        self.toggle_class("-charted")
        (self._chart if self.has_class("-charted") else self._metrics).focus()

    def action_back(self) -> None:
        """From the whole chart to the list, from anything to the letters, and from these back to the cockpit."""
        if self.has_class("-charted") or self.focused is not self.query_one("#search"):
            self.action_search()
        else:
            self.dismiss(None)

    def on_descendant_focus(self) -> None:
        """Other keys apply."""
        self._say_keys()

    # What is known, and what is said of it

    @property
    def _query(self) -> str:
        return self.query_one("#search", Input).value

    @property
    def _all(self) -> Sequence[Metric]:
        return self._catalogue.metrics if self._catalogue else ()

    @property
    def _look(self) -> Look:
        return self._looks.get(self._subject.name, Look()) if self._subject else Look()

    @property
    def _window(self) -> str:
        snapshot = self.app.snapshot
        return duration(snapshot.metrics.window if snapshot and snapshot.metrics else 60)

    @property
    def _course(self) -> Course | None:
        metric, look = self._subject, self._look
        if metric is None:
            return None
        measure = measures(metric)[look.measure]
        by = f" by {', '.join(look.by)}" if look.by else ""
        return Course(
            expression(metric, measure, look.by, self._window),
            f"{metric.name} · {measure.title}{by}",
            measure.unit,
        )

    def _now(self) -> int:
        snapshot = self.app.snapshot
        return round(1000 * snapshot.wall.timestamp()) if snapshot else 0

    def _follow(self, snapshot: Snapshot) -> None:
        """Ask for newer values when there are newer samples, unless an answer is still awaited."""
        now, reading = self.app.now(), snapshot.metrics.read_at if snapshot.metrics else None
        if reading != self._reading_at:
            self._reading_at = reading
            self._chart.go_on()
            if self._glance is None or self._glance.is_finished:
                self._glance = self._read_values(0)
        if now - self._read_at >= CATALOGUE_SECONDS:
            self.action_read()
        self._chart.note_place()
        self._say_state()

    def _arrange(self) -> None:
        paged = self.app.size.width < WIDE or self.app.size.height < TALL
        if paged != self.has_class("-paged"):
            self.set_class(paged, "-paged")
            self.remove_class("-charted")
        self._say_state()

    def _say(self, words: Content) -> None:
        said = self.query_one("#said", Static)
        said.update(words)
        said.display = bool(words)

    def _say_keys(self) -> None:
        focused = self.focused.id if self.focused else None
        self.query_one("#keys", Static).update(Content(_KEYS.get(focused or "", _KEYS["search"])))

    def _say_state(self) -> None:
        everything, shown = len(self._all), len(self._metrics.items)
        count = f"{shown:,} of {everything:,}" if self._query else f"{everything:,}"
        self.query_one("#list").border_title = Content(f"Metrics · {count}" if self._catalogue else "Metrics")
        self.query_one("#heading", Static).update(self._metrics.heading(self._metrics.size.width))
        state = self.query_one("#state", Static)
        words = self._state()
        state.update(words)
        state.display = bool(words)

    def _state(self) -> Content:
        if self._problem is not None:
            old = None if self._values_at is None else age(self.app.now() - self._values_at)
            return refused(self._problem).append(
                Content.styled(f" · values are {old} old" if old else "", "$text-muted")
            )
        if self._catalogue is None:
            return Content.styled("◌ reading the metrics …", "$text-muted")
        if not self._all:
            return _nothing(self.app.snapshot)
        if not self._metrics.items:
            return Content.styled("No metric's name or help has these letters.", "$text-muted")
        return Content()


def _nothing(snapshot: Snapshot | None) -> Content:
    """Why there is no metric: what stands in the way of the first target that has a reason."""
    targets = snapshot.metrics.targets if snapshot and snapshot.metrics else ()
    problem = next((each.feed.problem for each in targets if each.feed.problem), None)
    if problem is None:
        return Content.styled("No metric yet: nothing has been scraped.", "$text-muted")
    mend = f"\n  {clean(problem.mend)}" if problem.mend else ""
    return Content.assemble(("No metric yet: ", "$warning bold"), clean(problem.text), (mend, "$text-muted"))
