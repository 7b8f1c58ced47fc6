"""A change in words: what it would mean, whether it may be made, how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.live.snapshot import FeedState
from cockpit.release.plan import Intent, gcloud, undo, warnings
from cockpit.release.state import short_name
from cockpit.release.traffic import label, percents
from cockpit.text import age, clean
from cockpit.tui.views.header import mode
from cockpit.tui.views.journey import ended
from cockpit.tui.widgets.split_bars import coloured

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.live.snapshot import Change, Feed, Snapshot
    from cockpit.release.plan import Plan
    from cockpit.release.service import Revision
    from cockpit.release.traffic import Split


def split_words(split: Split, service: str) -> str:
    """A split in one line, clean: "00275-2jb 90 · 00279-kub 10"."""
    shares = sorted(percents(split).items(), key=lambda share: -share[1])
    return " · ".join(f"{clean(short_name(label(name), service))} {percent}" for name, percent in shares)


def meaning(plan: Plan, revisions: Iterable[Revision]) -> Content:
    """Warnings, the gcloud command, and what would take it back, with its command.

    Undo goes back step by step: what takes an undo back is a shift, here called redo.
    """
    parts = [
        Content.assemble(("⚠ ", "$warning bold"), (clean(line), "$warning")) for line in warnings(plan, revisions)
    ]
    parts.append(command_line(gcloud(plan)))
    back = undo(plan)
    to = split_words(back.after, back.ref.service)
    moves = ", ".join(f"{clean(move.tag)} {_where(move.after, back.ref.service)}" for move in back.tag_moves)
    words = f"back to {to}" + (f", {moves}" if moves else "")
    label = "redo " if plan.intent is Intent.UNDO else "undo "
    parts.append(Content.assemble((label, "$accent bold"), words))
    parts.append(command_line(gcloud(back), "$text-muted"))
    return Content("\n").join(parts)


def command_line(command: str, style: str = "") -> Content:
    """A command as it would be typed."""
    return Content.assemble(("$ ", "$text-muted"), (clean(command), style))


def obstacle(snapshot: Snapshot) -> str:
    """Why no change can be made now, armed or not; "" where one can. The door has the last word."""
    change = snapshot.change
    if snapshot.service is None:
        return "the service has not been read yet"
    if change is not None and change.outcome is None:
        return f"another change is under way: {change.phase.value}"
    feed = snapshot.feed("service")
    return _old(feed, snapshot.at) if feed is not None and feed.state is FeedState.FAILED else ""


def guard(snapshot: Snapshot) -> Content:
    """One line on whether changes are allowed: what is in the way, read-only, or armed and for how long."""
    arming, project = snapshot.arming, clean(snapshot.ref.project)
    if why := obstacle(snapshot):
        return Content.styled(f"✗ {why}", "$error")
    line = coloured(mode(arming, snapshot.at))
    if arming.seconds_left(snapshot.at):
        line = line.append(f" · {project}")
    elif arming.forbidden:
        line = line.append(f": {clean(arming.forbidden)}")
    else:
        ended = f": {clean(arming.ended)}" if arming.ended else ""
        line = line.append(
            Content.assemble(f"{ended} · ", ("a", "bold underline"), f" arms {project} for a while")
        )
    feed = snapshot.feed("service")
    if feed is not None and feed.state is FeedState.STALE:
        line = line.append(Content.styled(f"\n⚠ {_old(feed, snapshot.at)}", "$warning"))
    return line


def ending(change: Change) -> Content:
    """How a change ended, in words, with its mend."""
    told = coloured(ended(change))
    mend = clean(change.problem.mend) if change.problem else ""
    return told.append(Content.styled(f"\n{mend}", "$text-muted")) if mend else told


def _old(feed: Feed, at: float) -> str:
    """How old the service's data are, and why."""
    old = age(feed.age(at))
    why = f": {clean(feed.problem.text)}" if feed.problem else ""
    return f"what is known of the service is {old} old{why}" if old else f"the service cannot be read{why}"


def _where(revision: str | None, service: str) -> str:
    return "taken away" if revision is None else f"on {clean(short_name(label(revision), service))}"
