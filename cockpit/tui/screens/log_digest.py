"""What the log says in sum: made beside all else on the loop, of what the log shows."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.logs.digest.components import PatternError
from cockpit.logs.digest.digester import Digester
from cockpit.logs.digest.result import Pair
from cockpit.text import clean, percent
from cockpit.tui.lines import told
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.views.digest import digest_lines
from cockpit.tui.views.log_frame import title
from cockpit.tui.views.log_names import short_names
from cockpit.tui.widgets.wide_sheet import WideSheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from textual.app import ComposeResult

    from cockpit.logs.digest.result import Digest
    from cockpit.tui.log_reader import LogReader
    from cockpit.tui.widgets.log_pane import Surroundings

SLICE = 0.008
"""Seconds of one turn of the loop."""
PAUSE = 0.002
"""Seconds between two turns: a key press takes several, and should not wait in each."""

KEYS = "↑↓ ←→ move · ⏎ its entry · r sums up again · y copy · esc"


class LogDigestScreen(Dialog[None]):
    """Sums up what a reader shows. Of two revisions, stable and canary, it tells what is new in the canary.

    `components` are patterns whose first group names a component that announces itself.
    """

    DEAF_SECONDS: ClassVar[float] = 0.0
    DEFAULT_CSS: ClassVar[str] = """
    LogDigestScreen {
        #frame { height: 100%; max-width: 100%; }
        &.-lofty #frame { height: 95%; padding: 0 1; }
        WideSheet { height: 1fr; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,D", "leave", show=False),
        Binding("r", "again", show=False),
        Binding("y", "copy", show=False),
    ]
    AUTO_FOCUS = "WideSheet"

    def __init__(
        self,
        reader: LogReader,
        around: Surroundings,
        components: Sequence[str] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        known = reader.logs.store.names.revision.names
        self._names = short_names(known, around.service)
        what = title(reader.scope, self._called)
        super().__init__(f"Digest{f' · {what}' if what else ''}", clock=clock)
        self._reader = reader
        self._pair = _pair(reader, around)
        self._components = components
        self._sheet = WideSheet()
        self._digest: Digest | None = None

    def content(self) -> ComposeResult:
        """All of it."""
        yield self._sheet

    def on_mount(self) -> None:
        """Sum up."""
        self.query_one("#frame").border_subtitle = Content(KEYS)
        self._sum_up()

    def on_wide_sheet_chosen(self, event: WideSheet.Chosen) -> None:
        """To an entry that a line stands for, in the log."""
        row = int(event.key)
        if self._reader.go_to_entry(row):
            self.dismiss(None)
        else:
            self.notify("This entry is not shown in the log any more.", markup=False)

    def action_again(self) -> None:
        """Sum up what is there by now."""
        self._sum_up()

    def action_copy(self) -> None:
        """Copy all of it as text."""
        if self._digest is not None:
            lines = digest_lines(self._digest, self._called, self._zone, self._sheet.size.width)
            self.app.copy_to_clipboard("\n".join(line.text.rstrip() for line in lines))
            self.notify("Copied: the digest", markup=False)

    @work(exclusive=True)
    async def _sum_up(self) -> None:
        reader = self._reader
        self._digest = None
        try:
            digester = Digester(
                reader.logs.store, compared=self._pair, matcher=reader.matcher(), components=self._components
            )
        except PatternError as error:
            self._tell(str(error), "warn")
            return
        while await _slice(digester):
            self._tell(f"{percent(100 * digester.progress)} summed up …")
        self._digest = digester.digest
        self._show()

    def _show(self) -> None:
        found, zone = self._digest, self._zone
        if found is None or not found.rows:
            self._tell("There are no entries to sum up.")
        else:
            self._sheet.show(lambda size: digest_lines(found, self._called, zone, size.width))

    def _tell(self, text: str, role: str = "muted") -> None:
        self._sheet.show(lambda size: told([clean(text)], size.width, role))

    @property
    def _zone(self) -> tzinfo:
        zone = self._reader.wall().tzinfo
        assert zone is not None, "the wall clock gives aware datetimes"
        return zone

    def _called(self, revision: str) -> str:
        return self._names.get(revision, revision) or "no revision"


async def _slice(digester: Digester) -> bool:
    """Some steps, then a turn of the loop; whether there is more to do."""
    end = time.perf_counter() + SLICE
    more = True
    while more and time.perf_counter() < end:
        more = digester.step()
    await asyncio.sleep(PAUSE)
    return more


def _pair(reader: LogReader, around: Surroundings) -> Pair | None:
    """The revisions to be compared: those of the release, or the two that a file has; None where one is shown."""
    known = sorted(name for name in reader.logs.store.names.revision.names if name)
    stable, canary = around.compared
    if not (stable and canary) and len(known) == 2:
        stable, canary = known
    both = {stable, canary} <= set(known) and bool(stable and canary)
    return Pair(stable, canary) if both and not reader.scope.revision else None
