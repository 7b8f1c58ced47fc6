"""The line a note is typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.session import RefusedError
from cockpit.tui.widgets.entry_bar import EntryBar, WrongEntryError

if TYPE_CHECKING:
    from collections.abc import Callable


class NoteBar(EntryBar):
    """Enter gives the note to `keep`, which may raise RefusedError; `when` says which moment it is about."""

    def __init__(self, keep: Callable[[str], None], when: str) -> None:
        super().__init__(f"a note about {when}, for the timeline and the recording · ⏎ keeps it · esc leaves")
        self._keep = keep

    def take(self, text: str) -> None:
        """Keep the note. Raises WrongEntryError for one that is not kept."""
        try:
            self._keep(text)
        except RefusedError as refused:
            raise WrongEntryError(str(refused), refused.mend) from refused
