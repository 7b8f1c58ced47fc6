"""What the dialogs that change something share: a panel at the foot, and what the snapshots say to it."""

from __future__ import annotations

import time
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType

from cockpit.live.snapshot import Outcome
from cockpit.tui.app import CockpitApp
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.widgets.change_panel import ChangePanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot


class ChangeDialog(Dialog[None]):
    """A dialog with a ChangePanel. Subclasses propose plans to `panel` and hear of snapshots in `follow`."""

    DEFAULT_CSS = """
    ChangeDialog.-short {
        ChangePanel { height: 1fr; }
        #meaning { height: 1fr; max-height: 100%; margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "arm", show=False),
        Binding("c", "copy", show=False),
        Binding("y", "apply", show=False),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]
    app = getters.app(CockpitApp)

    def __init__(
        self, title: str, session: Session, *, verb: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(title, clock=clock)
        self.session = session
        self.panel = ChangePanel(session, verb)

    def on_mount(self) -> None:
        """Follow the snapshots."""
        self.app.snapshots.subscribe(self, self._follow)

    @abstractmethod
    def follow(self, snapshot: Snapshot) -> None:
        """Hear of a snapshot, as long as nothing was answered."""

    def redraw(self) -> None:
        """Draw again what shows the service as it stands; a dialog that does not show it has nothing to do."""

    def _follow(self, snapshot: Snapshot) -> None:
        if not self.panel.started:
            self.follow(snapshot)
        self.redraw()
        self.panel.follow(snapshot)

    def action_arm(self) -> None:
        """Allow changes, in place."""
        self.panel.arm()

    def action_copy(self) -> None:
        """Copy the gcloud command."""
        self.panel.copy()

    def action_apply(self) -> None:
        """The answer is yes."""
        self.panel.apply()

    def on_change_panel_left(self) -> None:
        """Leave; a change under way goes on."""
        self.dismiss(None)

    def on_change_panel_ended(self, event: ChangePanel.Ended) -> None:
        """Where somebody else wrote in between, show the three sides instead."""
        if event.change.outcome is Outcome.OVERTAKEN and event.change.sides is not None and self.is_current:
            from cockpit.tui.screens.sides import SidesScreen

            app = self.app
            self.dismiss(None)
            app.push_screen(SidesScreen(self.session, event.change))
