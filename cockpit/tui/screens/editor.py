"""PromQL to write, with completion and errors in place; what it comes to as a chart or as a list of values."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.screen import Screen
from textual.widgets import Static

from cockpit.live.metrics.picture import sample_time
from cockpit.metrics.engine import QueryError, ResultKind
from cockpit.metrics.promql.completion import place_at
from cockpit.tui.app import CockpitApp
from cockpit.tui.courses import Course
from cockpit.tui.lookup import Lookup
from cockpit.tui.suggestions import opens
from cockpit.tui.views.expression_words import Outcome, said
from cockpit.tui.views.values import counted
from cockpit.tui.widgets.completion_list import CompletionList
from cockpit.tui.widgets.expression_chart import ExpressionChart
from cockpit.tui.widgets.expression_input import ExpressionInput
from cockpit.tui.widgets.value_table import ValueTable
from cockpit.tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widgets import TextArea
    from textual.worker import Worker

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.past_expressions import PastExpressions
    from cockpit.tui.suggestions import Answer

PARSER = "cockpit.metrics.promql.parse"

KEYS = "⏎ ask · tab complete · ↑↓ earlier · ctrl+t values · ctrl+y copy · ctrl+j new line · esc back"
SHORT_KEYS = "⏎ ask · tab complete · ctrl+t values · esc back"


class EditorScreen(Screen[None]):
    """One expression at a time, asked of the session's engine. It is `ready` once it knows what completion needs.

    It begins with `expression`, which it asks for; else with what was left unasked, or with what was asked last.
    """

    app = getters.app(CockpitApp)
    AUTO_FOCUS = "ExpressionInput"
    DEFAULT_CSS = """
    EditorScreen {
        layers: base above; layout: vertical; overflow: hidden; background: $background;
        #said { height: auto; min-height: 2; max-height: 4; padding: 0 1; background: transparent; }
        #keys { height: 1; dock: bottom; padding: 0 1; background: $panel; color: $text-muted; text-wrap: nowrap; }
        ExpressionChart, ValueTable { height: 1fr; }
        ValueTable { display: none; }
        &.-table { ExpressionChart { display: none; } ValueTable { display: block; } }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "accept", show=False, priority=True),
        Binding("enter", "complete", show=False, priority=True),
        Binding("up", "choose(-1)", show=False, priority=True),
        Binding("down", "choose(1)", show=False, priority=True),
        Binding("pageup", "choose(-7)", show=False, priority=True),
        Binding("pagedown", "choose(7)", show=False, priority=True),
        Binding("escape", "close", show=False, priority=True),
        Binding("enter", "ask", show=False, priority=True),
        Binding("ctrl+@,ctrl+space", "suggest", show=False, priority=True),
        Binding("ctrl+t", "turn", show=False, priority=True),
        Binding("ctrl+y", "copy", show=False, priority=True),
        Binding("tab", "app.focus_next", show=False),
        Binding("t", "turn", show=False),
        Binding("x", "copy", show=False),
        Binding("e", "write", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: Session, past: PastExpressions, expression: str = "") -> None:
        super().__init__()
        self.expression = ExpressionInput(expression or past.draft or past.newest)
        self.popup = CompletionList()
        self.chart = ExpressionChart(session, "enter asks the engine for what is written")
        self.values = ValueTable()
        self._session = session
        self._past = past
        self._lookup: Lookup | None = None
        self._parser_loaded = False
        self.ready = False
        self._wants_values = False
        self._asked = ""
        self._listing: Worker[None] | None = None
        self._outcome = Outcome()
        self._suggested = "", 0
        self._read_at: float | None = None
        self._said = Words(id="said")
        self._keys = Static(id="keys")

    def compose(self) -> ComposeResult:
        """The expression, what there is to say about it, and what it comes to."""
        yield self.expression
        yield self._said
        yield self.chart
        yield self.values
        yield self._keys
        yield self.popup

    def on_mount(self) -> None:
        """Ask for what is there; read what completion needs."""
        self._prepare()
        self.app.snapshots.subscribe(self, self._go_on)
        self._say()
        if self.expression.text.strip() and self.expression.text != self._past.draft:
            self.action_ask()

    def on_resize(self) -> None:
        """The popup belongs to a place that moves."""
        self.popup.close()
        self._keys.update(Content(KEYS if self.app.size.width >= 100 else SHORT_KEYS))

    @work(group="prepare")
    async def _prepare(self) -> None:
        """Load the parser in a thread, so that no key waits for it, then learn what the engine has."""
        await asyncio.to_thread(importlib.import_module, PARSER)
        self._parser_loaded = True
        self._check()
        if (engine := self._session.engine) is not None:
            self._lookup = Lookup(engine)
            await self._learn(self._lookup)
        self.ready = True

    async def _learn(self, lookup: Lookup) -> None:
        await lookup.read(self._moment())

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Check while typing, and suggest what could come next."""
        event.stop()
        self._check()
        if (self.expression.text, self.expression.cursor) != self._suggested:
            self._suggest(asked=False)

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """The cursor left the place that the popup is for."""
        event.stop()
        text, cursor = self._suggested
        if self.expression.text == text and self.expression.cursor != cursor:
            self.popup.close()

    def on_descendant_blur(self) -> None:
        """Nothing is typed any more."""
        self.popup.close()

    def on_expression_input_walked(self, event: ExpressionInput.Walked) -> None:
        """Another of the past expressions."""
        walk = self._past.earlier if event.by < 0 else self._past.later
        written = self.expression.text
        if (expression := walk(written)) != written:
            self.expression.write(expression)
            self._rest()

    def on_choice_list_chosen(self) -> None:
        """A suggestion was double-clicked."""
        self.action_accept()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Some keys mean another thing while there are suggestions."""
        if action in ("accept", "choose", "close"):
            return self.popup.display
        if action == "complete":
            chosen, place = self.popup.chosen, self.popup.place
            return chosen is not None and place is not None and chosen.text != place.typed
        return super().check_action(action, parameters)

    def action_accept(self) -> None:
        """Take the suggestion under the cursor."""
        chosen, place = self.popup.chosen, self.popup.place
        if chosen is None or place is None or self._suggested != (self.expression.text, self.expression.cursor):
            return
        self.popup.close()
        self.expression.take(place, chosen)
        self._rest()
        following = place_at(*self._suggested)
        if following is not None and not following.typed and opens(following):
            self._suggest(asked=False)

    def action_complete(self) -> None:
        """Take the suggestion, as it is another word than what is typed."""
        self.action_accept()

    def action_choose(self, by: int) -> None:
        """Move in the suggestions."""
        self.popup.action_move(by)

    def action_close(self) -> None:
        """No suggestions now."""
        self.popup.close()

    def action_suggest(self) -> None:
        """Suggest what could stand here, even where nothing is typed."""
        self._suggest(asked=True)

    def action_ask(self) -> None:
        """Ask the engine."""
        self.popup.close()
        expression = self.expression.text.strip()
        if expression:
            self._past.add(expression)
            self._asked = expression
            self._question()

    def action_turn(self) -> None:
        """From the chart to the values, or back."""
        self._wants_values = not self._wants_values
        had_focus = self.focused in (self.chart, self.values)
        self._question()
        if had_focus:
            self.set_focus(self.values if self.has_class("-table") else self.chart)

    def action_copy(self) -> None:
        """Copy the expression."""
        expression = self.expression.text.strip()
        if expression:
            self.app.copy_to_clipboard(expression)
            self.notify("Copied: the expression", markup=False)

    def action_write(self) -> None:
        """Back to the expression."""
        self.expression.focus()

    def action_leave(self) -> None:
        """Back to where it was opened; what was not asked for is there again next time."""
        written = self.expression.text
        self._past.draft = "" if written.strip() == self._past.newest else written
        self.dismiss(None)

    def on_expression_chart_answered(self, event: ExpressionChart.Answered) -> None:
        """The chart is in view."""
        self._settle(Outcome(event.course.expression, count=event.total, notes=event.notes))

    def on_expression_chart_refused(self, event: ExpressionChart.Refused) -> None:
        """The chart is the last one."""
        self._settle(Outcome(event.course.expression, refused=event.error))

    def _question(self) -> None:
        """Ask for what is in view."""
        listed = self._wants_values or self._kind() in (ResultKind.MATRIX, ResultKind.STRING)
        self.set_class(listed, "-table")
        if not self._asked:
            return
        if listed:
            self._listing = self._list_values(self._asked)
        else:
            self.chart.ask(Course(self._asked))

    @work(exclusive=True, group="values")
    async def _list_values(self, expression: str) -> None:
        from cockpit.tui.views.traffic import active

        snapshot, engine = self.app.snapshot, self._session.engine
        if snapshot is None or engine is None:
            return
        try:
            answer = await engine.instant(expression, self._moment())
        except QueryError as error:
            self.values.old()
            self._settle(Outcome(expression, refused=error))
        else:
            self.values.show(answer, self.app.slots.give(active(snapshot)), f"{snapshot.wall:%H:%M:%S}")
            self._settle(Outcome(expression, count=counted(answer), notes=answer.notes))

    def _go_on(self, snapshot: Snapshot) -> None:
        """The metrics were read again: what is in view is asked for again, unless an answer is under way."""
        read_at = snapshot.metrics.read_at if snapshot.metrics else None
        if read_at == self._read_at:
            return
        self._read_at = read_at
        if self.ready and self._lookup is not None and not self._lookup.known.names:
            self.run_worker(self._learn(self._lookup), group="prepare", exclusive=True)
        if not self._asked:
            return
        if not self.has_class("-table"):
            self.chart.go_on()
        elif self._listing is None or self._listing.is_finished:
            self._listing = self._list_values(self._asked)

    def _suggest(self, *, asked: bool) -> None:
        self._suggested = self.expression.text, self.expression.cursor
        place = place_at(*self._suggested)
        if self._lookup is None or place is None or not (asked or opens(place)):
            self.popup.close()
        elif answer := self._lookup.at_once(place):
            self._offer(answer)
        else:
            self._look_up(self._lookup, self._suggested)

    @work(exclusive=True, group="suggestions")
    async def _look_up(self, lookup: Lookup, at: tuple[str, int]) -> None:
        place = place_at(*at)
        answer = await lookup.suggest(place) if place else None
        if answer is not None and at == (self.expression.text, self.expression.cursor):
            self._offer(answer)

    def _offer(self, answer: Answer) -> None:
        """Show suggestions below their place, and below what is said about it."""
        column = self.expression.cell_of(answer.place.start).x
        self.popup.offer(answer, Offset(column, self._said.region.bottom))

    def _rest(self) -> None:
        """What was written by us needs no suggestions."""
        self._suggested = self.expression.text, self.expression.cursor
        self.popup.close()

    def _settle(self, outcome: Outcome) -> None:
        """There is an answer, or none; one to an older question says nothing."""
        if outcome.expression == self._asked:
            self._outcome = outcome
            self._check()

    def _check(self) -> None:
        """Say what is wrong with what is written, where anything is."""
        text, fault, outcome = self.expression.text, self._fault(), self._outcome
        before = len(text) - len(text.lstrip()) if fault is None else 0
        error = fault or (outcome.refused if outcome.expression == text.strip() else None)
        at = error.position if error else None
        self.expression.mark(None if at is None else at + before)
        self._say(fault)

    def _say(self, fault: QueryError | None = None) -> None:
        self._said.say(said(self.expression.text, fault, self._outcome))

    def _fault(self) -> QueryError | None:
        if not self._parser_loaded or not self.expression.text.strip():
            return None
        from cockpit.metrics.promql.parse import parse

        try:
            parse(self.expression.text)
        except QueryError as error:
            return error
        return None

    def _kind(self) -> ResultKind | None:
        """What the expression that was asked comes to, None where that is not known."""
        if not self._parser_loaded or not self._asked:
            return None
        from cockpit.metrics.promql.parse import parse

        try:
            return parse(self._asked).kind
        except QueryError:
            return None

    def _moment(self) -> int:
        """Now, in epoch milliseconds."""
        snapshot = self.app.snapshot
        return round(sample_time(snapshot) * 1000) if snapshot else 0
