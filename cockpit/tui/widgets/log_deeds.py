"""What every action of the log pane does, on the pane and the reader that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.logs.moment import SECOND
from cockpit.tui.views.log_names import as_copied

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cockpit.tui.log_reader import LogReader
    from cockpit.tui.widgets.log_pane import LogPane

    Deed = Callable[[LogPane, LogReader], object]


def _follow(_pane: LogPane, reader: LogReader) -> None:
    if reader.following:
        reader.pause()
    else:
        reader.follow()


def _back(pane: LogPane, reader: LogReader) -> None:
    if not reader.back():
        pane.post_message(pane.Left())


def _to(what: str, jump: Callable[[LogReader], Callable[[int], bool]], direction: int) -> Deed:
    """The way to the next of something, or the one before; where there is none, that is said."""

    def go(pane: LogPane, reader: LogReader) -> None:
        if not jump(reader)(direction):
            pane.tell(f"no {'later' if direction > 0 else 'earlier'} {what} among what is shown")

    return go


def _entry(pane: LogPane, reader: LogReader) -> None:
    if (row := reader.row) is not None:
        pane.post_message(pane.Chosen(reader, row))


def _trace(pane: LogPane, reader: LogReader) -> None:
    row = reader.row
    if row is not None and row.trace:
        reader.visit(trace=row.trace)
    elif row is not None:
        pane.tell("this entry belongs to no trace")


def _instance(pane: LogPane, reader: LogReader) -> None:
    row = reader.row
    if row is not None and row.instance:
        reader.visit(instance=row.instance)
    elif row is not None:
        pane.tell("this entry names no instance")


def _revision(pane: LogPane, reader: LogReader) -> None:
    row = reader.row
    selected = pane.around.selected or (row.revision if row is not None else "")
    if reader.scope.revision or selected:
        reader.narrow("" if reader.scope.revision else selected)
    else:
        pane.tell("no revision is selected")


def _moment(pane: LogPane, reader: LogReader) -> None:
    row = reader.row
    if row is not None and row.time:
        pane.post_message(pane.MomentWanted(row.time / SECOND))
    elif row is not None:
        pane.tell("this entry has no time")


def _copy(pane: LogPane, reader: LogReader) -> None:
    if (row := reader.row) is not None:
        pane.app.copy_to_clipboard(as_copied(row))
        pane.tell("Copied: the entry")


def _write(pane: LogPane, reader: LogReader) -> None:
    pane.post_message(pane.WriteWanted(reader, pane.around))


def _digest(pane: LogPane, reader: LogReader) -> None:
    pane.post_message(pane.DigestWanted(reader, pane.around))


DEEDS: Mapping[str, Deed] = {
    "up": lambda pane, _: pane.move(-1),
    "down": lambda pane, _: pane.move(1),
    "page_up": lambda pane, _: pane.page(-1),
    "page_down": lambda pane, _: pane.page(1),
    "first": lambda pane, _: pane.move_to_end(-1),
    "last": lambda pane, _: pane.move_to_end(1),
    "log_follow": _follow,
    "log_filter": lambda pane, _: pane.open_filter(),
    "log_back": _back,
    "log_next": _to("match", lambda reader: reader.next_match, 1),
    "log_previous": _to("match", lambda reader: reader.next_match, -1),
    "log_next_error": _to("error", lambda reader: reader.next_error, 1),
    "log_previous_error": _to("error", lambda reader: reader.next_error, -1),
    "log_entry": _entry,
    "log_trace": _trace,
    "log_instance": _instance,
    "log_revision": _revision,
    "log_bookmark": lambda _, reader: reader.toggle_bookmark(),
    "log_next_bookmark": _to("bookmark", lambda reader: reader.next_bookmark, 1),
    "log_previous_bookmark": _to("bookmark", lambda reader: reader.next_bookmark, -1),
    "log_moment": _moment,
    "log_copy": _copy,
    "log_write": _write,
    "log_histogram": lambda pane, _: pane.toggle_histogram(),
    "log_digest": _digest,
    "log_wrap": lambda _, reader: reader.show_as(reader.look.wrapped()),
    "log_columns": lambda pane, reader: pane.post_message(pane.ColumnsWanted(reader)),
    "log_time": lambda _, reader: reader.show_as(reader.look.timed()),
}
"""By the registry's ids, with the moves that every pane has."""
