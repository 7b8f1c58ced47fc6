"""Where nothing can be read yet: what is wrong, what to do, and what works without an account."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content

from cockpit.text import clean
from cockpit.tui.app import CockpitApp
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.widgets.answer import Answer
from cockpit.tui.widgets.sheet import Fact, Section, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.widgets import Button

    from cockpit.live.snapshot import Problem, Snapshot

SIGN_IN = "gcloud auth application-default login"
DEMO = "cockpit demo"
DOCTOR = "cockpit doctor"


@dataclass(frozen=True, slots=True)
class Advice:
    """What stands above the problem, and the steps that mend it: words, and the command to type or ""."""

    title: str
    steps: tuple[tuple[str, str], ...]


def advice(kind: str, project: str) -> Advice:
    """What to do about a problem of this kind (`Problem.kind`) in a project ("" while none is named)."""
    where = clean(project) or "PROJECT"
    grant = f"gcloud projects add-iam-policy-binding {where} --member=user:YOU@example.com --role=roles/"
    known = {
        "unauthenticated": Advice(
            "Nobody is signed in",
            (
                ("Sign in to Google Cloud on this machine", SIGN_IN),
                (
                    "To watch: roles/run.viewer and roles/logging.viewer. To change traffic: roles/run.developer",
                    "",
                ),
            ),
        ),
        "denied": Advice(
            "Signed in, but not allowed",
            (
                ("To watch, ask for", f"{grant}run.viewer"),
                ("For the request log", f"{grant}logging.viewer"),
                ("To change traffic", f"{grant}run.developer"),
            ),
        ),
        "unreachable": Advice(
            "No answer",
            (
                ("Is the network up, and the endpoint right? This says which", DOCTOR),
                ("The cockpit keeps trying, and goes on as soon as there is an answer", ""),
            ),
        ),
        "not-found": Advice(
            "There is no such service", (("See what there is", f"cockpit services --project {where}"),)
        ),
    }
    return known.get(kind, Advice("Nothing could be read", (("See what is in the way", DOCTOR),)))


class WelcomeScreen(Dialog[None]):
    """Shown while the service has never been read. It leaves by itself as soon as it has been."""

    DEFAULT_CSS = """
    WelcomeScreen #frame { max-width: 88; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", show=False),
        Binding("c", "copy", show=False),
        Binding("q", "app.take('quit')", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]
    AUTO_FOCUS = "#again"
    app = getters.app(CockpitApp)

    def __init__(self, problem: Problem, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__("cockpit", clock=clock)
        self._problem = problem

    def content(self) -> ComposeResult:
        """The problem, its mend, the steps, and the simulator."""
        with VerticalScroll(can_focus=False):
            yield Sheet(id="advice")
        with Horizontal(classes="choices"):
            yield Answer("Quit", "q", id="quit")
            yield Answer("Copy command", "c", id="copy")
            yield Answer("Try again", "r", id="again")

    def on_mount(self) -> None:
        """Follow the snapshots."""
        self.app.snapshots.subscribe(self, self._follow)
        self._show()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """What the button says."""
        if event.button.id == "quit":
            self.app.call_later(self.app.run_action, "take('quit')")
        elif event.button.id == "copy":
            self.action_copy()
        else:
            self.action_again()

    def action_again(self) -> None:
        """Read now instead of at the next try."""
        if self.app.session is not None:
            self.app.session.refresh()

    def action_copy(self) -> None:
        """Copy the first command that mends this."""
        steps = advice(self._problem.kind, self._project()).steps
        command = next((command for _, command in steps if command), DEMO)
        self.app.copy_to_clipboard(command)
        self.notify(f"Copied: {command}", markup=False)

    def _follow(self, snapshot: Snapshot) -> None:
        if snapshot.service is not None:
            self.dismiss(None)
            return
        feed = snapshot.feed("service")
        if feed is not None and feed.problem is not None and feed.problem != self._problem:
            self._problem = feed.problem
            self._show()

    def _project(self) -> str:
        snapshot = self.app.snapshot
        return "" if snapshot is None else snapshot.ref.project

    def _show(self) -> None:
        told = advice(self._problem.kind, self._project())
        steps = [
            Fact(f"{number}", _step(words, command), command)
            for number, (words, command) in enumerate(told.steps, start=1)
        ]
        problem = Content.assemble(("✗ ", "$error bold"), (clean(self._problem.text), "bold"))
        mend = [Fact("", Content(clean(self._problem.mend)))] if self._problem.mend else []
        demo = _step("A local Cloud Run with live load: nothing leaves this machine", DEMO)
        self.query_one(Sheet).show(
            (
                Section(told.title, (Fact("", problem), *mend)),
                Section("What to do", tuple(steps)),
                Section("Without an account", (Fact("", demo, DEMO),)),
            )
        )


def _step(words: str, command: str) -> Content:
    line = Content.styled(f"\n{command}", "$accent") if command else Content("")
    return Content(words).append(line)
