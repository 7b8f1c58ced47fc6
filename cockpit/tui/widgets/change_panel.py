"""The foot of every dialog that changes something: what it means, whether it may, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static

from cockpit.live.session import RefusedError
from cockpit.release.plan import Plan, confirmation_words, confirms, gcloud
from cockpit.text import clean
from cockpit.tui.views.journey import under_way
from cockpit.tui.widgets.answer import Answer
from cockpit.tui.widgets.change_words import ending, guard, meaning, obstacle
from cockpit.tui.widgets.split_bars import coloured

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Change, Snapshot


class ChangePanel(Vertical):
    """Shows a plan and takes the answer; then shows how far the change is, and how it ended.

    The change itself runs in the app, so that a dialog that is closed does not stop it. The default answer is to
    cancel; a production service wants `confirmation_words` typed as well.
    """

    DEFAULT_CSS = """
    ChangePanel {
        height: auto;
        #meaning { height: auto; max-height: 10; margin-top: 1; }
        #meaning:focus { background: $boost; }
        #typed { display: none; margin: 0; }
        &.-production #typed { display: block; }
        &.-travelling #typed, &.-ended #typed { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    class Started(Message):
        """The answer was yes."""

    class Ended(Message):
        """The change has ended."""

        def __init__(self, change: Change) -> None:
            super().__init__()
            self.change = change

    class Left(Message):
        """The answer was no, or the end has been read."""

    def __init__(self, session: Session, verb: str) -> None:
        super().__init__()
        self._session = session
        self._verb = verb
        self._plan: Plan | None = None
        self._why_not = ""
        self._refusal = ""
        self._snapshot = session.snapshot
        self._started = False
        self._ended: Change | None = None
        self._words = Static(id="words")
        self._guard = Static(id="guard")
        self._typed = Input(id="typed", compact=True)
        self._cancel = Answer("Cancel", id="cancel")
        self._arm = Answer("Arm", "a", id="arm")
        self._apply = Answer(verb, "y", id="apply", classes="danger")

    def compose(self) -> ComposeResult:
        """Meaning, guard, the field for production's word, and the answers."""
        with VerticalScroll(id="meaning"):
            yield self._words
        yield self._guard
        yield self._typed
        with Horizontal(classes="choices"):
            yield self._cancel
            yield self._arm
            yield self._apply

    def on_mount(self) -> None:
        """Say how things stand from the first paint on."""
        self._say()

    @property
    def started(self) -> bool:
        """Whether the answer was yes: from then on there is nothing to edit."""
        return self._started

    def propose(self, plan: Plan | None, why_not: str = "") -> None:
        """Ask about a plan; without one, say why there is none."""
        self._plan, self._why_not, self._refusal = plan, why_not, ""
        self._say()

    def follow(self, snapshot: Snapshot) -> None:
        """Show what a new snapshot says about arming, freshness and progress."""
        self._snapshot = snapshot
        self._say()

    def focus_answer(self) -> None:
        """Go to the answers: to the field where one must be typed, else to cancel."""
        snapshot = self._snapshot
        armed = snapshot.arming.seconds_left(snapshot.at) > 0
        (self._typed if armed and self.has_class("-production") else self._cancel).focus()

    def arm(self) -> None:
        """Allow changes, or say why not."""
        try:
            self._session.door.arm()
        except RefusedError as error:
            self._refusal = f"{error}" + (f": {error.mend}" if error.mend else "")
        had_focus = self._arm.has_focus
        self.follow(self._session.snapshot)
        if had_focus or self._snapshot.arming.production:
            self.focus_answer()

    def copy(self) -> None:
        """Copy the plan's gcloud command."""
        if self._plan is not None:
            self.app.copy_to_clipboard(gcloud(self._plan))
            self.notify("Copied the gcloud command", markup=False)

    def apply(self) -> None:
        """Make the change, if it may be made now."""
        if self._plan is None or self._refused() or self._started:
            return
        self._started = True
        self.post_message(self.Started())
        self.app.run_worker(self._travel(self._plan, self._confirmation), group="change")
        self._say()
        self._cancel.focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """What the button says."""
        event.stop()
        if event.button.id == "arm":
            self.arm()
        elif event.button.id == "apply":
            self.apply()
        else:
            self.post_message(self.Left())

    def on_input_changed(self, event: Input.Changed) -> None:
        """The typed word decides whether the answer may be yes."""
        event.stop()
        self._say()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter after the right word goes to the answers, never through them."""
        event.stop()
        (self._cancel if self._refused() else self._apply).focus()

    async def _travel(self, plan: Plan, confirmation: str) -> None:
        self._ended = await self._session.door.apply(plan, confirmation)
        if self.is_attached:
            self._say()
            self.post_message(self.Ended(self._ended))

    @property
    def _confirmation(self) -> str:
        return self._typed.value.strip()

    def _refused(self) -> str:
        """Why the answer cannot be yes now; "" where it can."""
        snapshot = self._snapshot
        if self._plan is None:
            return self._why_not or "nothing to change"
        if why := self._why_not or obstacle(snapshot):
            return why
        if not snapshot.arming.seconds_left(snapshot.at):
            return "read-only"
        if snapshot.arming.production and not confirms(self._plan, self._confirmation):
            return f"type {confirmation_words(self._plan)[0]}"
        return ""

    def _say(self) -> None:
        if not self.is_attached:
            return
        plan, snapshot = self._plan, self._snapshot
        self.set_class(snapshot.arming.production and plan is not None, "-production")
        self.set_class(self._started and self._ended is None, "-travelling")
        self.set_class(self._ended is not None, "-ended")
        self._words.update(
            Content.styled(clean(self._why_not), "$text-muted")
            if plan is None
            else meaning(plan, snapshot.revisions)
        )
        self._guard.update(self._standing())
        if plan is not None:
            self._typed.placeholder = " or ".join(map(clean, confirmation_words(plan)))
        self._say_answers()

    def _standing(self) -> Content:
        if self._ended is not None:
            return ending(self._ended)
        if self._started:
            change = self._snapshot.change
            travels = change is not None and change.outcome is None
            return coloured(under_way(change, self._snapshot.at)) if change and travels else Content("◐ sending …")
        line = guard(self._snapshot)
        if self.has_class("-production") and self._snapshot.arming.until is not None:
            line = line.append(Content.styled(f" · {clean(self._refused()) or 'confirmed'}", "bold"))
        if self._refusal:
            return Content("\n").join([Content.styled(f"✗ {clean(self._refusal)}", "$error"), line])
        if self._plan is not None and self._why_not:
            return Content("\n").join([Content.styled(f"⚠ {clean(self._why_not)}", "$warning"), line])
        return line

    def _say_answers(self) -> None:
        snapshot = self._snapshot
        cancel, apply = self._cancel, self._apply
        cancel.say("Close" if self._ended else "Hide, it goes on" if self._started else "Cancel")
        armed = snapshot.arming.seconds_left(snapshot.at) > 0
        self._arm.display = not (self._started or armed or obstacle(snapshot))
        apply.display = not self._started
        refused = bool(self._refused())
        if refused and apply.has_focus:
            cancel.focus()
        apply.say(self._verb, denied=refused)
