"""What the frame of the log pane says: what is shown, how much of it, and how the log stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.live.logs.reading import LogsState, Mode
from cockpit.live.snapshot import FeedState
from cockpit.logs.rowtext import TRACE_DIGITS
from cockpit.text import age, clean, percent, shorten
from cockpit.tui.lines import Line, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cockpit.live.snapshot import Problem
    from cockpit.tui.log_scope import Scope

_LONGEST_WORDS = 60
_LONGEST_WHY = 40
"""Cells of a reason: the notices have all of it, and the counts behind it stay in view."""
_SHOWN_DIGITS = 8
_INSTANCE = 8


class Count(NamedTuple):
    """How many entries are shown, at hand and dropped; `new` came since the reader paused.

    `later` came after the moment that is looked at, None where that is the present.
    """

    shown: int
    total: int
    dropped: int = 0
    new: int = 0
    following: bool = True
    searching: bool = False
    later: int | None = None


def title(scope: Scope, short: Callable[[str], str]) -> str:
    """What is shown: the revision, trace or instance, then the words; "" for everything."""
    words = shorten(clean(scope.words.strip()), _LONGEST_WORDS)
    parts = (
        short(scope.revision) if scope.revision else "",
        f"trace {scope.trace:0{TRACE_DIGITS}x}"[: len("trace ") + _SHOWN_DIGITS] if scope.trace else "",
        f"instance …{clean(scope.instance[-_INSTANCE:])}" if scope.instance else "",
        words if scope.hiding else f"marking {words}",
    )
    return " · ".join(filter(None, parts))


def standing(count: Count) -> str:
    """Whether what is in view is the newest: "following", "paused · 214 new"."""
    if count.later is not None:
        return f"{count.later:,} later" if count.later else "none later"
    if count.following:
        return "following"
    return f"paused · {count.new:,} new" if count.new else "paused"


def below(state: LogsState, count: Count, at: float, *, at_oldest: bool) -> str:
    """The lower edge: how the log stands, how much of it is shown, whether it is followed. `at` as in a snapshot.

    `at_oldest`: the oldest entry at hand is in view.
    """
    parts = [*trouble(state, at), counted(count)]
    if state.listing:
        parts.append("reading older …")
    elif at_oldest and state.whole:
        parts.append("the beginning")
    if count.dropped:
        parts.append(f"{count.dropped:,} oldest dropped")
    if state.mode is not Mode.DONE or not count.following or count.later is not None:
        parts.append(standing(count))
    return " · ".join(parts)


def counted(count: Count) -> str:
    """How many entries are shown: "1,318 of 52,110", with an ellipsis while it is looked for more."""
    more = " …" if count.searching else ""
    if count.shown == count.total and not more:
        return f"{count.total:,}"
    return f"{count.shown:,}{more} of {count.total:,}"


def trouble(state: LogsState, at: float) -> Iterator[str]:
    """What keeps the log from being whole and new."""
    feed = state.feed
    if feed.state in {FeedState.STALE, FeedState.FAILED}:
        why = f": {_short(feed.problem)}" if feed.problem else ""
        yield f"✗ {age(feed.age(at)) or 'never'} old{why}" if feed.fresh_at is not None else f"✗ not read{why}"
    elif state.mode is Mode.POLLING:
        yield f"polling{f': {_short(feed.problem)}' if feed.problem else ''}"
    if state.mode is Mode.READING and state.progress is not None:
        yield f"reading {percent(100 * state.progress)}"
    if state.suppressed:
        yield f"{state.suppressed:,} left out"
    if state.broken:
        yield f"{state.broken:,} broken"
    if state.unlisted is not None:
        yield f"✗ older ones not read: {_short(state.unlisted)}"


def _short(problem: Problem) -> str:
    return shorten(clean(problem.text), _LONGEST_WHY)


def absence(state: LogsState | None, scope: Scope | None, count: Count, back_key: str) -> list[Line]:
    """What stands in place of entries where there are none; `state` is None before there is a log."""
    if state is None or scope is None:
        said = "the log is not loaded yet"
    elif count.total and count.searching:
        said = "looking …"
    elif count.total:
        said = f"none of {count.total:,} entries match · {back_key} drops the filter"
    elif state.mode in {Mode.OPENING, Mode.READING}:
        said = "the log is being read"
    elif state.mode is Mode.WAITING and state.feed.problem is not None:
        said = clean(state.feed.problem.text)
    else:
        said = "no entries yet"
    lines = [Line((Span(f" {said}", "muted"),))]
    if state is not None and state.feed.problem is not None and state.feed.problem.mend:
        lines.append(Line((Span(f" {clean(state.feed.problem.mend)}", "muted"),)))
    return lines
