"""Move traffic: percents per revision, what that means, and the answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content

from cockpit.live.session import RefusedError
from cockpit.release.plan import Intent, Plan
from cockpit.release.traffic import TrafficError, percents, pin, promote, same_split
from cockpit.tui.screens.change_dialog import ChangeDialog
from cockpit.tui.widgets.answer import Answer
from cockpit.tui.widgets.candidates import candidates, in_rows, row_of
from cockpit.tui.widgets.percent_draft import PercentDraft
from cockpit.tui.widgets.percent_editor import QUICK, PercentEditor
from cockpit.tui.widgets.split_bars import Split, SplitBars, slots_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.widgets import Button

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot

_TITLES = {
    Intent.SHIFT: ("Shift traffic", "Shift"),
    Intent.PROMOTE: ("Promote to 100 %", "Promote"),
    Intent.ROLLBACK: ("Roll back to the split before the last change", "Roll back"),
    Intent.UNDO: ("Undo the last change made here", "Undo"),
}
MOVED = "the service has changed since this was planned: r starts again from what stands now"


class ShiftScreen(ChangeDialog):
    """Edit a split from what is asked now, or confirm a finished plan (which editing turns into a shift).

    `selected` is the full name of a revision, `points` what it gains or loses before the dialog opens.
    """

    DEFAULT_CSS = """
    ShiftScreen {
        PercentEditor { max-height: 8; }
        &.-lofty PercentEditor { max-height: 20; }
        &.-short PercentEditor { max-height: 5; }
        #quick { height: 1; }
        #quick Answer { min-width: 4; margin: 0 1 0 0; }
        &.-short #quick { display: none; }
        #bars { margin-top: 1; }
        &.-short #bars { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "again", show=False)]

    def __init__(
        self,
        session: Session,
        *,
        selected: str = "",
        points: int = 0,
        plan: Plan | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        title, verb = _TITLES[plan.intent if plan else Intent.SHIFT]
        ref = session.snapshot.ref
        super().__init__(f"{title} · {ref.service}", session, verb=verb, clock=clock)
        self._plan = plan
        self._generation = plan.generation if plan else 0
        self._selected = row_of(session.snapshot, selected or _gaining(plan))
        self._points = points
        self._editor = PercentEditor(PercentDraft((), ()))
        self._bars = SplitBars(id="bars")
        self._moved = False
        self._drawn: Plan | None = None

    def content(self) -> ComposeResult:
        """The editor, quick values, before and after, and the panel."""
        yield self._editor
        with Horizontal(id="quick"):
            for value in QUICK:
                chip = Answer(f"{value}", name=f"{value}")
                chip.can_focus = False
                yield chip
        yield self._bars
        yield self.panel

    def on_mount(self) -> None:
        """Start from what stands; a finished plan goes straight to the question."""
        super().on_mount()
        self.query_one("#frame").border_subtitle = Content("0-9 +- [] space holds · ⏎ answer · c copy · esc")
        self._start(self.session.snapshot)
        if self._plan is not None:
            self.panel.focus_answer()
        else:
            self._editor.focus()

    def follow(self, snapshot: Snapshot) -> None:
        """A service that moved under an untouched draft is taken as it is; a touched one must be started again."""
        service = snapshot.service
        if service is None or self._moved or same_split(service.spec, self._editor.draft.base):
            return
        if self._plan is None and not self._editor.draft.changed:
            self._start(snapshot)
        else:
            self._moved = True
            self._propose()

    def action_again(self) -> None:
        """Forget what was planned and start from what stands now."""
        if not self.panel.started:
            self._plan, self._points, self._moved = None, 0, False
            self._start(self.session.snapshot)
            self._editor.focus()

    def on_percent_editor_edited(self) -> None:
        """An edited plan is a shift of one's own."""
        self._plan = None
        self._propose()

    def on_choice_list_chosen(self) -> None:
        """Enter in the editor goes to the answer."""
        self.panel.focus_answer()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A quick value for the revision under the cursor."""
        if event.button.name is not None and not self.panel.started:
            self._editor.put(int(event.button.name))
            self._editor.focus()

    def on_change_panel_started(self) -> None:
        """From now on there is nothing to edit."""
        self._editor.disabled = True

    def _start(self, snapshot: Snapshot) -> None:
        rows = candidates(snapshot, self._selected)
        open_rows = tuple(row.name for row in rows if not row.blocked)
        base = snapshot.service.spec if snapshot.service else ()
        try:
            promote(base, next(iter(open_rows), ""))
        except TrafficError as error:
            self.panel.propose(None, f"{error}: {error.mend}")
            return
        draft = PercentDraft(base, open_rows)
        if self._plan is not None:
            draft = PercentDraft(base, open_rows, tuple(percents(self._plan.after).items()))
        elif self._points:
            draft = draft.nudge(self._selected, self._points)
        names = [row.name for row in rows]
        self._editor.edit(draft, rows)
        self._editor.cursor = names.index(self._selected) if self._selected in names else 0
        self._propose()

    def _propose(self) -> None:
        draft = self._editor.draft
        why = MOVED if self._moved else ""
        plan = self._plan
        try:
            if plan is None and draft.changed:
                plan = self.session.door.plan_shift(draft.asked)
        except (RefusedError, TrafficError) as error:
            why = f"{error}: {error.mend}" if error.mend else str(error)
        self.panel.propose(plan, why or ("" if plan else "nothing is changed yet"))
        self._drawn = plan
        self.redraw()

    def redraw(self) -> None:
        """Before, after, and what serves meanwhile."""
        plan, snapshot = self._drawn, self.session.snapshot
        service, draft = snapshot.service, self._editor.draft
        if service is None or not self._editor.items:
            return
        splits = {"now": percents(draft.base), "then": percents(plan.after) if plan else draft.percents}
        if service.serving and percents(service.serving) != percents(pin(draft.base, service.latest_ready)):
            splits = {"serving": percents(service.serving), **splits}
        bars = [Split(word, in_rows(shares, self._editor.items)) for word, shares in splits.items()]
        slots = slots_of(self.app.slots, snapshot, [name for bar in bars for name, _ in bar.percents])
        self._editor.colour(slots)
        self._bars.show(bars, slots)


def _gaining(plan: Plan | None) -> str:
    """The revision a plan gives most to."""
    return max(plan.gains, key=lambda gain: gain.points).revision if plan else ""
