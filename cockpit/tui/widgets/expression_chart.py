"""A chart of any expression, which asks the session's engine itself: the newest question wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from cockpit.live.metrics.picture import sample_time
from cockpit.text import age
from cockpit.tui.charting import asked, in_view
from cockpit.tui.courses import Course, charted
from cockpit.tui.widgets.keyed_chart import KeyedChart

if TYPE_CHECKING:
    from textual.worker import Worker

    from cockpit.live.session import Session
    from cockpit.metrics.engine import QueryError
    from cockpit.tui.widgets.chart import Chart


class ExpressionChart(KeyedChart):
    """Charts what `ask` names. A question without an answer leaves the last chart in view, with its age.

    `why` is what it says before the first question.
    """

    class Answered(Message):
        """The question has an answer, which is in view: `total` series; `notes` are the engine's remarks."""

        def __init__(self, course: Course, total: int, notes: tuple[str, ...]) -> None:
            super().__init__()
            self.course = course
            self.total = total
            self.notes = notes

    class Refused(Message):
        """The question has none."""

        def __init__(self, course: Course, error: QueryError) -> None:
            super().__init__()
            self.course = course
            self.error = error

    def __init__(self, session: Session, why: str, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._session = session
        self._why = why
        self.course: Course | None = None
        self.shown: Course | None = None
        self._question: Worker[None] | None = None
        self._shown_at: float | None = None
        self._stale = False

    def on_mount(self) -> None:
        """Say what brings a chart here."""
        from cockpit.tui.charts.data import ChartData

        super().on_mount()
        self.show(ChartData(why=self._why), asked(self._now()))

    def ask(self, course: Course) -> None:
        """Chart this, in place of what was asked before."""
        self.course = course
        self._question = self.run_worker(self._feed(course), group="course", exclusive=True)

    def again(self) -> None:
        """Ask once more for what was asked last."""
        if self.course is not None:
            self.ask(self.course)

    def go_on(self) -> None:
        """Time has gone on: ask once more, unless an answer is under way or earlier times are in view."""
        if self.view.live and (self._question is None or self._question.is_finished):
            self.again()
        self.note_place()

    def note_place(self) -> None:
        """All of a chart is always in view: the lower edge says how old it is, where it should be newer."""
        old = self._stale and self._shown_at is not None
        self.border_subtitle = Content(f"{age(self.app.now() - (self._shown_at or 0))} old" if old else "")

    def on_chart_wanted(self, event: Chart.Wanted) -> None:
        """Other times came into view: they are this chart's own affair."""
        event.stop()
        self.again()

    async def _feed(self, course: Course) -> None:
        from cockpit.metrics.engine import QueryError
        from cockpit.tui.views.traffic import active

        snapshot, engine, now = self.app.snapshot, self._session.engine, self._now()
        if snapshot is None or engine is None:
            return
        slots, timeline = self.app.slots.give(active(snapshot)), self._session.timeline
        try:
            span, happened = self.wanted(asked(now)), timeline.events if timeline is not None else ()
            found = await charted(course, snapshot, span, engine=engine, slots=slots, happened=happened)
        except QueryError as error:
            self._stale = True
            self.post_message(self.Refused(course, error))
        else:
            self._stale, self._shown_at, self.shown = False, self.app.now(), course
            self.show(found.data, in_view(found.data, now))
            self.post_message(self.Answered(course, found.total, found.notes))
        self.note_place()

    def _now(self) -> float:
        return sample_time(self.app.snapshot) if self.app.snapshot else 0.0
