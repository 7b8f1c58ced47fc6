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
from cockpit.text import clean
from cockpit.tui import openings
from cockpit.tui.app import CockpitApp
from cockpit.tui.courses import Course, window_of
from cockpit.tui.views.expression_words import complaint
from cockpit.tui.widgets.expression_chart import ExpressionChart
from cockpit.tui.widgets.label_list import LabelList
from cockpit.tui.widgets.metric_about import Look, MetricAbout
from cockpit.tui.widgets.metric_list import MetricList
from cockpit.tui.widgets.metric_search import SETTLING, MetricSearch
from cockpit.tui.widgets.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.breakdown import Label
    from cockpit.metrics.catalogue import Metric
    from cockpit.metrics.labels import Labels
    from cockpit.tui.past_expressions import PastExpressions

WIDE, TALL = 100, 28
"""From this size on the list stands above the chart; below, one of them is in view at a time."""

_WHY = "⏎ on a metric charts it by revision"
_KEYS = {
    "search": "esc back · ↑↓ choose · ⏎ chart · ⇥ list, labels, chart",
    "metrics": "esc find · ⏎ chart · e PromQL · x copy · f whole chart · ctrl+r read again",
    "labels": "esc find · space split · n measure · e PromQL · x copy · f whole chart",
    "chart": "esc find · e PromQL · f whole · ←→ cursor · ⇧←→ move · + - zoom · 0 live · y fix values · c compare",
}


class BrowserScreen(Screen[None]):
    """Metrics above, the one under the cursor and its chart below; on little room the chart has the screen.

    `past` are the expressions that were asked for: the editor, which `e` opens, goes back to them.
    """

    DEFAULT_CSS: ClassVar[str] = """
    BrowserScreen {
        background: $background;
        MetricSearch, #below { height: 1fr; }
        ChoiceList {
            height: 1fr; scrollbar-size-vertical: 1;
            scrollbar-background: $background; scrollbar-background-hover: $background;
            scrollbar-background-active: $background;
            scrollbar-color: $border; scrollbar-color-hover: $primary; scrollbar-color-active: $primary;
        }
        MetricAbout { width: 2fr; }
        #course { width: 3fr; }
        ExpressionChart { height: 1fr; }
        #expression, #said { height: auto; max-height: 3; padding: 0 1; }
        #expression { color: $text-muted; }
        #keys {
            dock: bottom; height: 1; padding: 0 1; background: $panel; color: $text-muted;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
        &.-paged {
            #below { layout: vertical; height: 10; }
            MetricAbout { width: 1fr; height: 1fr; }
            LabelList { margin-top: 0; }
            #help { max-height: 2; }
            #course { display: none; width: 1fr; }
        }
        &.-charted {
            MetricSearch, MetricAbout { display: none; }
            &.-paged {
                #below { height: 1fr; }
                MetricAbout, #course { display: block; }
                #course { height: 2fr; }
                #help { display: none; }
            }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
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
        self._search = MetricSearch(session)
        self._about = MetricAbout(session.snapshot.ref.service)
        self._chart = ExpressionChart(session, _WHY, id="chart")
        self._expression = Words(id="expression")
        self._said = Words(id="said")
        self._keys = Static(id="keys")
        self._looks: dict[str, Look] = {}
        self._subject: Metric | None = None
        self._series: Sequence[Labels] = ()
        self._labels: tuple[Label, ...] = ()
        self._reading_at: float | None = None

    def compose(self) -> ComposeResult:
        """The list, what is under the cursor, its chart, and the keys."""
        yield self._search
        with Horizontal(id="below"):
            yield self._about
            with Vertical(id="course"):
                yield from (self._chart, self._expression, self._said)
        yield self._keys

    def on_mount(self) -> None:
        """Follow the snapshots."""
        self.app.snapshots.subscribe(self, self._follow)
        self._arrange()

    def on_resize(self, _event: events.Resize) -> None:
        """Arrange for the new size."""
        self._arrange()

    # The metric under the cursor, and its labels

    def on_metric_search_moved(self, event: MetricSearch.Moved) -> None:
        """Tell about another metric."""
        self._subject, self._series, self._labels = event.metric, (), ()
        self._about.picture(event.metric, self._look)
        self._about.picture_labels((), self._look, "◌" if event.metric else " ")
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
            self._about.picture_labels((), self._look, f"no labels: {clean(str(error))}")
        else:
            self._labels = await asyncio.to_thread(labels, self._series)
            self._about.picture_labels(self._labels, self._look)

    def on_label_list_split(self, event: LabelList.Split) -> None:
        """Split the chart by a label, or fold it; a label that would make too many lines is refused."""
        self._split(self._subject, event.label)

    @work(exclusive=True, group="split")
    async def _split(self, metric: Metric | None, label: Label) -> None:
        look = self._look
        splits = label.name not in look.by
        reason = await asyncio.to_thread(refusal, label, self._series, look.by) if splits else ""
        if metric is not self._subject:  # the cursor has gone on meanwhile
            return
        if reason:
            self._said.say(Content.assemble(("not split: ", "$warning bold"), clean(reason)))
        else:
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

    # Its chart

    def on_metric_search_chosen(self) -> None:
        """Chart the metric, and go on to its labels."""
        self._chart_it()
        self._about.labels.focus()

    def _chart_it(self) -> None:
        course = self._course
        if course is None:
            return
        if self.has_class("-paged"):
            self.add_class("-charted")
        self._expression.say(Content(clean(course.expression)))
        self._said.say(Content())
        self._chart.ask(course)

    def on_expression_chart_answered(self, event: ExpressionChart.Answered) -> None:
        """The engine's remarks stand under the chart."""
        self._said.say(Content.styled("\n".join(map(clean, event.notes[:2])), "$text-muted"))

    def on_expression_chart_refused(self, event: ExpressionChart.Refused) -> None:
        """Why there is no newer chart."""
        self._said.say(complaint(event.error))

    def action_edit(self) -> None:
        """Write on at the expression: the chart's where it has the focus, else that of the metric at hand."""
        if (course := self._at_hand) is not None:
            self.app.push_screen(openings.editor(self._session, self._past, course.expression))

    def action_copy(self) -> None:
        """Copy the expression."""
        if (course := self._at_hand) is not None:
            self.app.copy_to_clipboard(course.expression)
            self.notify(f"Copied: {clean(course.title)}", markup=False)

    # Moving about

    def action_read(self) -> None:
        """Read the metrics again."""
        self._search.read()

    def action_search(self) -> None:
        """Go back to the letters."""
        self.remove_class("-charted")
        self.query_one(Input).focus()

    def action_whole(self) -> None:
        """The chart on the whole screen, or the list above it again."""
        self.toggle_class("-charted")
        (self._chart if self.has_class("-charted") else self.query_one(MetricList)).focus()

    def action_back(self) -> None:
        """From the chart on the whole screen and from any list to the letters, and from these to the cockpit."""
        if self.has_class("-charted") or self.focused is not self.query_one(Input):
            self.action_search()
        else:
            self.dismiss(None)

    def on_descendant_focus(self) -> None:
        """Other keys apply."""
        focused = self.focused.id if self.focused else None
        self._keys.update(Content(_KEYS.get(focused or "", "esc back")))

    def _follow(self, snapshot: Snapshot) -> None:
        if self.app.screen is not self:
            return
        reading = snapshot.metrics.read_at if snapshot.metrics else None
        fresh, self._reading_at = reading != self._reading_at, reading
        self._search.follow(fresh=fresh)
        if fresh:
            self._chart.go_on()
        self._chart.note_place()

    def _arrange(self) -> None:
        paged = self.app.size.width < WIDE or self.app.size.height < TALL
        if paged != self.has_class("-paged"):
            self.set_class(paged, "-paged")
            self.remove_class("-charted")

    @property
    def _look(self) -> Look:
        return self._looks.get(self._subject.name, Look()) if self._subject else Look()

    @property
    def _course(self) -> Course | None:
        """What charting the metric under the cursor asks for."""
        metric, look, snapshot = self._subject, self._look, self.app.snapshot
        if metric is None or snapshot is None:
            return None
        measure = measures(metric)[look.measure]
        by = f" by {', '.join(look.by)}" if look.by else ""
        asked = expression(metric, measure, look.by, window_of(snapshot))
        return Course(asked, f"{metric.name} · {measure.title}{by}", measure.unit)

    @property
    def _at_hand(self) -> Course | None:
        return self._chart.course if self.focused is self._chart and self._chart.course else self._course
