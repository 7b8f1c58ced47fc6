"""The line a moment is typed in, to go there."""

from __future__ import annotations

from datetime import UTC, datetime

from textual.message import Message

from cockpit.tui.widgets.entry_bar import EntryBar, WrongEntryError

HINT = "14:05 · 14:05:30 · -10m · +30s · 2026-11-21T14:05 · ⏎ goes there · esc leaves"


class TimeBar(EntryBar):
    """Enter tells the moment.

    `here` is the moment that is shown, from which +30s and -10m are reckoned, `newest` the last there is: a time
    of the day is the latest that has been until then. Both are epoch seconds.
    """

    class Typed(Message):
        """A moment was typed, epoch seconds."""

        def __init__(self, at: float) -> None:
            super().__init__()
            self.at = at

    def __init__(self, here: float, newest: float) -> None:
        super().__init__(HINT)
        self._here = here
        self._newest = newest

    def take(self, text: str) -> None:
        """Go there. Raises WrongEntryError for what is no moment."""
        from cockpit.logs.moment import SECOND
        from cockpit.logs.query.moments import WISHES, wished

        here, now = round(self._here * SECOND), round(self._newest * SECOND)
        zone = datetime.fromtimestamp(self._newest, UTC).astimezone().tzinfo
        try:
            at = wished(text, here=here, now=now, zone=zone or UTC)
        except ValueError as error:
            raise WrongEntryError(str(error), WISHES) from error
        self.post_message(self.Typed(at / SECOND))
