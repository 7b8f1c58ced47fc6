"""What stands above an entry: when, how bad and where from, and what there is to know beside what was logged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.logs.entry import Flag
from cockpit.logs.moment import SECOND
from cockpit.text import clean, shorten
from cockpit.tui.lines import Line, Span, crop, join
from cockpit.tui.views.log_line import LETTERS
from cockpit.tui.views.log_text import request_words

if TYPE_CHECKING:
    from cockpit.logs.entry import Row
    from cockpit.tui.lines import Spans

_LONGEST = 60

_NOTES = {
    Flag.READ: "the severity was read from the text",
    Flag.TRACEBACK: "several entries, joined to one traceback",
    Flag.CUT: "its end was not seen",
    Flag.SHORTENED: "the log shows the beginning of its text",
    Flag.TIMELESS: "it has no time, and that of the entry before",
    Flag.ODD: "something of it made no sense, and was taken as well as could be",
    Flag.GAP: "no entry: it says that some are missing",
}


def head(row: Row, cells: int) -> list[Line]:
    """An entry in a line, and one more where there is something to know of it."""
    _, role = LETTERS[row.severity]
    names = (row.revision, row.log, " ".join(request_words(row)))
    parts: list[Spans] = [
        (Span(_moment(row.time), "muted"),),
        (Span(row.severity.name, role),),
        *((Span(shorten(clean(part), _LONGEST)),) for part in names if part),
    ]
    notes = " · ".join(said for flag, said in _NOTES.items() if flag in row.flags)
    lines = [crop(join(parts), cells), *([crop((Span(notes, "warn"),), cells)] if notes else [])]
    return [Line(spans) for spans in lines]


def _moment(time: int) -> str:
    """By the local clock, to the millisecond, with its offset from UTC."""
    seconds, rest = divmod(time, SECOND)
    local = datetime.fromtimestamp(seconds, UTC).astimezone()
    return f"{local:%Y-%m-%d %H:%M:%S}.{rest // 1_000_000:03} {local:%z}"
