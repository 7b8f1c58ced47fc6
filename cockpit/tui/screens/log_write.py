"""What the log shows is written to a file: its name says whether as text or as JSON lines."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from cockpit.live.logs.saving import ExistsError, Form, SaveError, form_of, save
from cockpit.logs.moment import SECOND
from cockpit.text import clean
from cockpit.tui.screens.confirm import ConfirmScreen
from cockpit.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.worker import Worker

    from cockpit.tui.log_reader import LogReader

FRAME = 0.1
"""Seconds between two looks at how far it is."""
_SUFFIXES = {Form.JSON_LINES: ".jsonl", Form.TEXT: ".log"}
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 120


def proposed_name(service: str, revision: str, at: datetime) -> str:
    """A name for a file of a service's log, or of one revision's: letters, digits, dots and dashes alone."""
    named = _UNFIT.sub("-", revision or service or "log").lstrip(".-")[:_LONGEST]
    return f"{named or 'log'}-{at:%Y%m%d-%H%M%S}"


class LogWriteScreen(Dialog[None]):
    """Asks for a name and writes what a reader shows. Escape ends it, and leaves nothing half-written behind."""

    DEFAULT_CSS: ClassVar[str] = """
    LogWriteScreen #frame { max-width: 90; height: auto; }
    LogWriteScreen.-short #frame { height: auto; }
    LogWriteScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "other_form", show=False, priority=True)]
    AUTO_FOCUS = "Input"

    def __init__(
        self, reader: LogReader, service: str = "", *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__("Write the log to a file", clock=clock)
        self._reader = reader
        at = datetime.fromtimestamp(reader.now() // SECOND, UTC)
        proposed = proposed_name(service, reader.scope.revision, at) + _SUFFIXES[Form.JSON_LINES]
        self._path = Input(proposed, id="name", compact=True, select_on_focus=False)
        self._said = Static(id="what")
        self._writing: Worker[None] | None = None
        self._written = self._count = 0
        self._trouble: SaveError | None = None

    def content(self) -> ComposeResult:
        """The name, and what is written where and how."""
        yield self._path
        yield self._said

    def on_mount(self) -> None:
        """Ready to be named."""
        self.query_one("#frame").border_subtitle = Content("⏎ writes · tab text or JSON lines · esc cancels")
        self.set_interval(FRAME, self._say)
        self._say()

    def action_other_form(self) -> None:
        """The same name, with the ending of the other form."""
        name = self._path
        form = Form.TEXT if form_of(name.value) is Form.JSON_LINES else Form.JSON_LINES
        path = Path(name.value)
        if path.name:
            name.value = str(path.with_suffix(_SUFFIXES[form]))
            name.cursor_position = len(name.value)

    def action_leave(self) -> None:
        """End the writing, or leave."""
        if self._writing is not None and self._writing.is_running:
            self._writing.cancel()
            self.notify("Nothing was written.", markup=False)
        self.dismiss(None)

    def on_input_changed(self) -> None:
        """Another name: what was wrong with the last one is over."""
        self._trouble = None
        self._say()

    def on_input_submitted(self) -> None:
        """Write."""
        if self._writing is None or self._writing.is_finished:
            self._writing = self._write(self._path.value)

    @work(exclusive=True)
    async def _write(self, path: str, *, over: bool = False) -> None:
        ids = self._reader.ids.copy()
        self._trouble, self._written, self._count = None, 0, len(ids)
        self._path.disabled = True
        try:
            saved = await save(self._reader.logs, ids, path, over=over, progress=self._note)
        except ExistsError as error:
            self._ask(path, error)
        except SaveError as error:
            self._trouble = error
        else:
            left = f" · {saved.left:,} were not at hand any more" if saved.left else ""
            said = f"Written: {saved.entries:,} entries, {saved.size:,} bytes, to {saved.path}{left}"
            self.notify(clean(said), severity="warning" if saved.left else "information", markup=False)
            self.dismiss(None)
            return
        # Not where it was cancelled: then the screen is gone.
        self._count = 0
        self._path.disabled = False
        self._path.focus()
        self._say()

    def _ask(self, path: str, error: ExistsError) -> None:
        def answered(yes: bool | None) -> None:
            if yes:
                self._writing = self._write(path, over=True)

        question = ConfirmScreen(
            "Write over it?", f"{error}.\nIt is replaced as a whole.", yes="Write over", no="Keep it"
        )
        self.app.push_screen(question, answered)

    def _note(self, written: int) -> None:
        self._written = written

    def _say(self) -> None:
        self._said.update(self._what())

    def _what(self) -> Content:
        if self._trouble is not None:
            return Content.assemble(
                (f"✗ {clean(str(self._trouble))}", "$error"), (f"\n  {clean(self._trouble.mend)}", "$text-muted")
            )
        if self._count:
            share = 100 * self._written // self._count
            return Content(f"writing … {self._written:,} of {self._count:,} entries, {share} % · esc cancels")
        path = self._path.value
        form = form_of(path).value
        looking = ", and it is still looked for more" if self._reader.searching else ""
        folder = Path(path).expanduser().absolute().parent if path.strip() and not path.startswith("~") else ""
        where = f" into {folder}" if folder else ""
        return Content.styled(clean(f"{len(self._reader.ids):,} entries{looking} as {form}{where}"), "$text-muted")
