"""What the log says in sum: made beside all else on the loop, of what the log shows."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.live.logs.reading import Mode
from cockpit.text import clean, percent
from cockpit.tui.lines import told
from cockpit.tui.log_pair import pair_of
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.views.digest import digest_lines, head
from cockpit.tui.views.digest_markdown import digest_markdown
from cockpit.tui.views.log_frame import title
from cockpit.tui.views.log_names import short_names
from cockpit.tui.widgets.wide_sheet import WideSheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from textual.app import ComposeResult

    from cockpit.logs.digest.components import PatternError
    from cockpit.logs.digest.digester import Digester
    from cockpit.logs.digest.result import Digest, Pair
    from cockpit.tui.log_reader import LogReader
    from cockpit.tui.surroundings import Surroundings

SLICE = 0.008
"""Seconds of one turn of the loop."""
PAUSE = 0.002
"""Seconds between two turns: a key press takes several, and should not wait in each."""

KEYS = "↑↓←→ · ⏎ entry · s one or two · r again · y copy · esc"
PARTIAL = "The log was still being read: this is a part of it, and r sums up again."


class LogDigestScreen(Dialog[None]):
    """Sums up what a reader shows. Where that is of stable and canary, it tells what is new in the canary.

    The two are put side by side, without entries of other revisions, until one asks for all in one. `components`
    are patterns whose first group names a component that announces itself.
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
        Binding("s", "side_by_side", show=False),
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
        super().__init__("Digest", clock=clock)
        self._reader = reader
        self._compared = around.compared
        self._pair: Pair | None = None
        self._in_one = self._is_partial = False
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
        if self._reader.go_to_entry(int(event.key)):
            self.dismiss(None)
        else:
            self.notify("This entry is not shown in the log any more.", markup=False)

    def action_again(self) -> None:
        """Sum up what is there by now."""
        self._sum_up()

    def action_side_by_side(self) -> None:
        """Put stable and canary side by side, or sum up all that is shown in one."""
        if self._pair is None and not self._in_one:
            self.notify("What is shown is not of two revisions that could be compared.", markup=False)
        else:
            self._in_one = not self._in_one
            self._sum_up()

    def action_copy(self) -> None:
        """Copy all of it as Markdown, for a report."""
        if self._digest is not None:
            heading = f"{self._title}{' · a part of the log' if self._is_partial else ''}"
            text = digest_markdown(self._digest, self._called, self._zone, heading)
            self.app.copy_to_clipboard(text)
            self.notify("Copied: the digest, as Markdown", markup=False)

    @work(exclusive=True)
    async def _sum_up(self) -> None:
        reader, self._digest = self._reader, None
        self._is_partial = reader.searching or reader.logs.state.mode is Mode.READING
        self._tell("Summing up …")
        self._pair = pair = None if self._in_one else await pair_of(reader, self._compared)
        self.query_one("#frame").border_title = Content(self._title)
        make, wrong = await asyncio.to_thread(_loaded)
        try:
            digester = make(
                reader.logs.store,
                revisions=(pair.stable, pair.canary) if pair else (),
                compared=pair,
                matcher=reader.matcher(),
                components=self._components,
            )
        except wrong as error:
            self._tell(f"logs.components in config.toml: {error}", "warn")
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
            about, partial = [head(found, self._called, zone)], [PARTIAL] if self._is_partial else []
            self._sheet.show(
                lambda size: [
                    *told(about, size.width),
                    *told(partial, size.width, "warn"),
                    *digest_lines(found, self._called, zone, size.width),
                ]
            )

    def _tell(self, text: str, role: str = "muted") -> None:
        self._sheet.show(lambda size: told([clean(text)], size.width, role))

    @property
    def _title(self) -> str:
        pair, what = self._pair, title(self._reader.scope, self._called)
        sides = f"stable {self._called(pair.stable)}, canary {self._called(pair.canary)}" if pair else ""
        return clean(" · ".join(filter(None, ("Digest", sides, what))))

    @property
    def _zone(self) -> tzinfo:
        zone = UTC if self._reader.look.time == "utc" else self._reader.wall().tzinfo
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


def _loaded() -> tuple[type[Digester], type[PatternError]]:
    """What makes digests, and what it says of a pattern: too heavy to be loaded on the loop."""
    from cockpit.logs.digest.components import PatternError
    from cockpit.logs.digest.digester import Digester

    return Digester, PatternError
