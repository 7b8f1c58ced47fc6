"""Everything a user can do, named once: keys, footer, palette, help and the headless commands all read it here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether an action can be taken now, picked out of a snapshot by whoever shows one.

    `watching` is whether there is a service to read, `loaded` whether it was read. `busy` says in words which
    change is under way, `cannot_arm` why arming is refused; "" means nothing stands in the way. `selected` is the
    short name of the selected revision, "" for none; `selected_ready` is False for one that could not serve.
    """

    watching: bool = False
    loaded: bool = False
    busy: str = ""
    cannot_arm: str = ""
    selected: str = ""
    selected_percent: int = 0
    selected_ready: bool = False
    can_roll_back: bool = False
    can_undo: bool = False
    has_sides: bool = False
    has_fleet: bool = False
    has_signals: bool = False
    has_engine: bool = False
    has_logs: bool = False


class Group(Enum):
    """Where the help lists an action. Those of LOGS have their keys in the log pane alone, before any others."""

    TRAFFIC = "Traffic"
    LOOK = "Look"
    LOGS = "In the logs"
    COCKPIT = "Cockpit"
    MOVE = "Move"


def _always(_facts: Facts) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a user can do.

    `keys` are the default ones, in Textual's names or as single characters. `label` is the footer's short word,
    "" for actions the footer leaves out. `danger` marks what leads to a write. `headless` is the command that
    does the same without a terminal. `why_not` gives the reason it is dimmed, "" when it can be taken.
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    group: Group
    label: str = ""
    danger: bool = False
    headless: str = ""
    why_not: Callable[[Facts], str] = _always

    @property
    def scope(self) -> Group | None:
        """The group whose pane must have the focus for the keys; None for keys that are good everywhere.

        Within a scope no key means two things.
        """
        return self.group if self.group is Group.LOGS else None


def _needs_watch(facts: Facts) -> str:
    return "" if facts.watching else "no service is watched yet"


def _needs_service(facts: Facts) -> str:
    return "" if facts.loaded else "the service has not been read yet"


def _needs_quiet(facts: Facts) -> str:
    return _needs_service(facts) or (f"a change is under way: {facts.busy}" if facts.busy else "")


def _needs_selection(facts: Facts) -> str:
    return _needs_service(facts) or ("" if facts.selected else "no revision is selected")


def _needs_target(facts: Facts) -> str:
    reason = _needs_quiet(facts) or _needs_selection(facts)
    if not reason and not facts.selected_ready:
        reason = f"{facts.selected} is not ready, so it cannot serve"
    return reason


def _more(facts: Facts) -> str:
    full = facts.selected_percent >= 100
    return _needs_target(facts) or (f"{facts.selected} already has 100 %" if full else "")


def _less(facts: Facts) -> str:
    reason = _needs_quiet(facts) or _needs_selection(facts)
    return reason or ("" if facts.selected_percent else f"{facts.selected} has no traffic to give up")


def _roll_back(facts: Facts) -> str:
    return _needs_quiet(facts) or ("" if facts.can_roll_back else "no earlier split is known")


def _undo(facts: Facts) -> str:
    return _needs_quiet(facts) or ("" if facts.can_undo else "there is nothing to undo")


def _sides(facts: Facts) -> str:
    return "" if facts.has_sides else "nobody has written in between"


def _pick(facts: Facts) -> str:
    return "" if facts.has_fleet else "the cockpit was opened on this one service"


def _signals(facts: Facts) -> str:
    return "" if facts.has_signals else "no signal has been read yet"


def _engine(facts: Facts) -> str:
    return _needs_service(facts) or ("" if facts.has_engine else "no metrics are loaded yet")


def _logs(facts: Facts) -> str:
    return "" if facts.has_logs else "the log is not loaded yet"


def _arm(facts: Facts) -> str:
    return _needs_service(facts) or facts.cannot_arm


ACTIONS: tuple[Action, ...] = (
    Action(
        "shift",
        "Shift traffic",
        "Set percents per revision; shows before, after and the gcloud command, and asks.",
        ("s",),
        Group.TRAFFIC,
        "shift",
        danger=True,
        headless="shift",
        why_not=_needs_quiet,
    ),
    Action(
        "more",
        "More traffic for the selected revision",
        "Open the shift dialog with one point more for the selected revision.",
        ("+", "="),
        Group.TRAFFIC,
        danger=True,
        headless="shift",
        why_not=_more,
    ),
    Action(
        "less",
        "Less traffic for the selected revision",
        "Open the shift dialog with one point less for the selected revision.",
        ("-",),
        Group.TRAFFIC,
        danger=True,
        headless="shift",
        why_not=_less,
    ),
    Action(
        "promote",
        "Promote the selected revision to 100 %",
        "Give all traffic to the selected revision, after asking.",
        ("p",),
        Group.TRAFFIC,
        "promote",
        danger=True,
        headless="shift",
        why_not=_more,
    ),
    Action(
        "rollback",
        "Roll back to the split before the last change",
        "Restore the split that served before the last change, whoever made it, after asking.",
        ("b",),
        Group.TRAFFIC,
        "roll back",
        danger=True,
        headless="rollback",
        why_not=_roll_back,
    ),
    Action(
        "undo",
        "Undo the cockpit's last change",
        "Restore the exact target list from before the last change made here, after asking.",
        ("u",),
        Group.TRAFFIC,
        "undo",
        danger=True,
        headless="undo",
        why_not=_undo,
    ),
    Action(
        "tags",
        "Tags",
        "Give a revision a URL of its own, move it or take it away.",
        ("t",),
        Group.TRAFFIC,
        "tags",
        danger=True,
        headless="tag",
        why_not=_needs_quiet,
    ),
    Action(
        "arm",
        "Arm or disarm",
        "Allow changes for a few minutes, or go back to read-only at once.",
        ("a",),
        Group.TRAFFIC,
        "arm",
        why_not=_arm,
    ),
    Action(
        "sides",
        "Show the three sides",
        "When somebody else wrote in between: what was planned from, asked and found.",
        ("v",),
        Group.TRAFFIC,
        why_not=_sides,
    ),
    Action(
        "detail",
        "Revision in detail",
        "Conditions, template, URLs, and the difference against the revision now serving.",
        ("enter",),
        Group.LOOK,
        "detail",
        headless="revisions",
        why_not=_needs_selection,
    ),
    Action(
        "copy",
        "Copy …",
        "Copy a name, an image, a URL or a gcloud command to the terminal's clipboard (OSC 52).",
        ("c",),
        Group.LOOK,
        "copy",
        why_not=_needs_service,
    ),
    Action(
        "filter", "Filter revisions", "Show revisions that contain the typed words.", ("/",), Group.LOOK, "filter"
    ),
    Action("clear", "Clear the filter", "Show every revision again.", ("escape",), Group.LOOK),
    Action(
        "fold",
        "Show or fold retired revisions",
        "Retired revisions, without traffic, tag or instances, are folded into one line.",
        ("z",),
        Group.LOOK,
    ),
    Action(
        "refresh",
        "Read again now",
        "Read the service now instead of at the next poll.",
        ("r",),
        Group.LOOK,
        why_not=_needs_watch,
    ),
    Action(
        "pick",
        "Go to another service",
        "Choose another service of the project.",
        ("g",),
        Group.LOOK,
        headless="services",
        why_not=_pick,
    ),
    Action(
        "next_signal",
        "Chart the next signal",
        "The chart shows the next signal of the signals pane.",
        ("n",),
        Group.LOOK,
        "signal",
        headless="metrics",
        why_not=_signals,
    ),
    Action(
        "previous_signal",
        "Chart the signal before",
        "The chart shows the signal before in the signals pane.",
        ("N",),
        Group.LOOK,
        why_not=_signals,
    ),
    Action(
        "whole_chart",
        "Chart on the whole screen",
        "The chart as large as the terminal; escape leads back.",
        ("f",),
        Group.LOOK,
        "chart",
        why_not=_signals,
    ),
    Action("zoom_in", "Zoom the chart in", "Half of the time in view.", ("]",), Group.LOOK, why_not=_signals),
    Action("zoom_out", "Zoom the chart out", "Twice the time in view.", ("[",), Group.LOOK, why_not=_signals),
    Action("earlier", "Earlier", "A quarter of the time in view back.", ("shift+left",), Group.LOOK),
    Action("later", "Later", "A quarter of the time in view on.", ("shift+right",), Group.LOOK),
    Action("cursor_left", "Chart cursor left", "The values a column before.", ("left",), Group.LOOK),
    Action("cursor_right", "Chart cursor right", "The values a column later.", ("right",), Group.LOOK),
    Action("chart_live", "Chart back to now", "Follow the newest samples, without a cursor.", ("0",), Group.LOOK),
    Action("fix_values", "Fix the chart's values", "Keep the range of values, or let it go.", ("y",), Group.LOOK),
    Action(
        "compare_times",
        "Compare with before the last shift",
        "The same span before the last shift as well, dotted.",
        ("C",),
        Group.LOOK,
        why_not=_signals,
    ),
    Action(
        "metrics",
        "Browse metrics",
        "Every metric with its type, help and values; enter charts one by revision, split by any label.",
        ("m",),
        Group.LOOK,
        "metrics",
        headless="metrics",
        why_not=_engine,
    ),
    Action(
        "promql",
        "PromQL",
        "Write an expression, with completion and errors in place; chart it, or list its values.",
        ("e",),
        Group.LOOK,
        headless="query",
        why_not=_engine,
    ),
    Action(
        "whole_logs",
        "Logs on the whole screen",
        "The log as large as the terminal, at the same place; l or escape leads back.",
        ("l",),
        Group.LOOK,
        "logs",
        headless="logs",
        why_not=_logs,
    ),
    Action(
        "log_follow",
        "Follow the log",
        "Stay at the newest entry, or stop; scrolling up stops as well, and the end follows again.",
        ("f",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_filter",
        "Filter the log",
        'Words, "phrases", /regex/ and fields like severity>=ERROR; matches are counted while you type.',
        ("/",),
        Group.LOGS,
        headless="logs",
        why_not=_logs,
    ),
    Action(
        "log_back",
        "One filter less",
        "A filter only marks its matches at first, then it goes; then the trace or instance, then the revision.",
        ("escape",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_next", "Next match", "To the next entry that matches the filter.", ("n",), Group.LOGS, why_not=_logs
    ),
    Action(
        "log_previous",
        "Match before",
        "To the entry before that matches the filter.",
        ("N",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_next_error",
        "Next error",
        "To the next entry of severity ERROR or worse.",
        ("e",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_previous_error",
        "Error before",
        "To the entry of severity ERROR or worse before.",
        ("E",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_entry",
        "All of the entry",
        "Every field that was logged, to fold and to copy.",
        ("enter",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_trace",
        "All of this trace",
        "Everything that was logged of one request, across logs and revisions; escape leads back.",
        ("t",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_instance",
        "All of this instance",
        "Everything that one instance logged; escape leads back.",
        ("i",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_revision",
        "One revision, or all",
        "The log of the selected revision alone, or that of all revisions again.",
        ("R",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_bookmark",
        "Bookmark",
        "Put a bookmark at an entry, or take it away.",
        ("m",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action("log_next_bookmark", "Next bookmark", "To the next bookmark.", ("'", "]"), Group.LOGS, why_not=_logs),
    Action(
        "log_previous_bookmark",
        "Bookmark before",
        "To the bookmark before.",
        ("[",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_copy",
        "Copy the entry",
        "Its time, severity, revision and text, to the terminal's clipboard (OSC 52).",
        ("y",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_write",
        "Write to a file",
        "What is shown, as text or as JSON lines; the file is there whole or not at all.",
        ("w",),
        Group.LOGS,
        headless="logs",
        why_not=_logs,
    ),
    Action(
        "log_histogram",
        "Histogram",
        "Entries along time, bad ones apart: ← → choose a span, ⇧ extends it, ⏎ narrows, esc goes back.",
        ("h",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_digest",
        "Digest of the log",
        "What is shown, summed up: endpoints, kinds of errors and which are new, scanners, instances.",
        ("D",),
        Group.LOGS,
        headless="logs digest",
        why_not=_logs,
    ),
    Action(
        "log_wrap",
        "Wrap long lines",
        "All of every entry, or one line of each.",
        ("W",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_columns",
        "Columns of the log",
        "Choose what stands before the text: time, level, revision, instance, log.",
        ("c",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "log_time",
        "Time by another clock",
        "Local, UTC, how long ago, or how long after the line before.",
        ("z",),
        Group.LOGS,
        why_not=_logs,
    ),
    Action(
        "theme",
        "Next theme",
        "Switch to the next theme; its file is reloaded when it changes.",
        ("T",),
        Group.COCKPIT,
    ),
    Action("palette", "Command palette", "Find any action by name.", (":", "ctrl+p"), Group.COCKPIT, "palette"),
    Action("help", "Help", "Every action with its key.", ("?", "f1"), Group.COCKPIT, "help"),
    Action(
        "quit",
        "Quit",
        "Leave; asks first while a change is under way.",
        ("q", "ctrl+q", "ctrl+c"),
        Group.COCKPIT,
        "quit",
    ),
    Action("next_pane", "Next pane", "Focus the next pane.", ("tab",), Group.MOVE),
    Action("previous_pane", "Previous pane", "Focus the previous pane.", ("shift+tab",), Group.MOVE),
    Action("pane_1", "Revisions pane", "Focus the revisions.", ("1",), Group.MOVE),
    Action("pane_2", "Signals pane", "Focus the signals: canary against stable.", ("2",), Group.MOVE),
    Action("pane_3", "Chart pane", "Focus the chart of one signal by revision.", ("3",), Group.MOVE),
    Action("pane_4", "Alerts pane", "Focus the alerts.", ("4",), Group.MOVE),
    Action("pane_5", "Summary pane", "Focus the summary of the selected revision.", ("5",), Group.MOVE),
    Action("pane_6", "History pane", "Focus the history of changes.", ("6",), Group.MOVE),
    Action("pane_7", "Command log pane", "Focus the log of what ran, as gcloud.", ("7",), Group.MOVE),
    Action("pane_8", "Logs pane", "Focus the log.", ("8",), Group.MOVE),
    Action("down", "Down", "Next row.", ("down", "j"), Group.MOVE),
    Action("up", "Up", "Previous row.", ("up", "k"), Group.MOVE),
    Action("page_down", "Page down", "One page further.", ("pagedown",), Group.MOVE),
    Action("page_up", "Page up", "One page back.", ("pageup",), Group.MOVE),
    Action("first", "First row", "To the first row.", ("home",), Group.MOVE),
    Action("last", "Last row", "To the last row.", ("end",), Group.MOVE),
)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
