"""Which keys the footer shows beside those that always mean the same: every pane's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.tui.layout import APP, CHART, LOGS, PANES, REVISIONS, SIGNALS, TIMELINE

if TYPE_CHECKING:
    from collections.abc import Mapping


class Entry(NamedTuple):
    """Actions that belong together, under one word; a click takes the last of them."""

    label: str
    actions: tuple[str, ...]


_STEP = Entry("step", ("cursor_left", "cursor_right"))

LOOKING_BACK = (Entry("go on", ("freeze",)), Entry("now", ("last",)), _STEP, Entry("time", ("go_to_time",)))
"""In the place of what changes traffic while another moment than the present is looked at."""

PLAYING = (Entry("play", ("freeze",)), _STEP, Entry("speed", ("slower", "faster")), Entry("time", ("go_to_time",)))
"""The same for a recording."""

_SCROLL = (Entry("scroll", ("up", "down")),)

PANE_KEYS: Mapping[int, tuple[Entry, ...]] = {
    **dict.fromkeys(PANES, _SCROLL),
    REVISIONS: (Entry("select", ("up", "down")), Entry("detail", ("detail",))),
    SIGNALS: (
        Entry("chart", ("up", "down")),
        Entry("whole chart", ("whole_chart",)),
        Entry("metrics", ("metrics",)),
        Entry("PromQL", ("promql",)),
    ),
    CHART: (
        Entry("cursor", ("cursor_left", "cursor_right")),
        Entry("zoom", ("zoom_out", "zoom_in")),
        Entry("signal", ("next_signal",)),
        Entry("full", ("whole_pane",)),
        Entry("freeze", ("freeze",)),
        Entry("fix", ("fix_values",)),
        Entry("compare", ("compare_times",)),
        Entry("move", ("earlier", "later")),
    ),
    TIMELINE: (
        Entry("event", ("up", "down")),
        Entry("zoom", ("timeline_zoom_out", "timeline_zoom_in")),
        Entry("open", ("event_open",)),
        Entry("go there", ("event_time",)),
        Entry("table", ("timeline_form",)),
        Entry("full", ("whole_pane",)),
        Entry("note", ("note",)),
        Entry("copy", ("timeline_markdown", "timeline_copy")),
        Entry("cursor", ("cursor_left", "cursor_right")),
    ),
    APP: (
        Entry("period", ("app_longer", "app_shorter")),
        Entry("timeline", ("app_previous", "app_next")),
        *_SCROLL,
    ),
    LOGS: (
        Entry("filter", ("log_filter",)),
        Entry("follow", ("log_follow",)),
        Entry("error", ("log_previous_error", "log_next_error")),
        Entry("entry", ("log_entry",)),
        Entry("full", ("whole_logs",)),
        Entry("trace", ("log_trace",)),
        Entry("instance", ("log_instance",)),
        Entry("back", ("log_back",)),
        Entry("match", ("log_previous", "log_next")),
        Entry("all revisions", ("log_revision",)),
        Entry("wrap", ("log_wrap",)),
        Entry("columns", ("log_columns",)),
        Entry("time", ("log_time",)),
        Entry("copy", ("log_copy",)),
        Entry("histogram", ("log_histogram",)),
        Entry("digest", ("log_digest",)),
        Entry("write", ("log_write",)),
        Entry("bookmark", ("log_bookmark",)),
    ),
}
"""By pane, what matters most first; one without keys of its own scrolls."""
