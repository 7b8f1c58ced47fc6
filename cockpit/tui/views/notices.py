"""What needs saying under the bars: the change on its way, what differs, what is broken, or that all is well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.agreement import observed_note, serving_note
from cockpit.live.snapshot import FeedState, Outcome
from cockpit.release.state import age
from cockpit.release.traffic import same_split
from cockpit.text import age as age_text
from cockpit.text import clean, duration
from cockpit.tui.lines import Line, Span, cells_of, wrap
from cockpit.tui.views.app_notices import app_notices
from cockpit.tui.views.header import FRESHNESS
from cockpit.tui.views.journey import ended, moves, result, under_way
from cockpit.tui.views.traffic import SPELT_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.geometry import Size

    from cockpit.live.snapshot import Change, Feed, Problem, Snapshot
    from cockpit.tui.keys import Keymap
    from cockpit.tui.lines import Spans

GOOD_NEWS_SECONDS = 60.0
"""How long an applied change stays in view; a failed one stays until the next."""


def lines(snapshot: Snapshot, keymap: Keymap, size: Size) -> list[Line]:
    """As many notices as have room, or that all is well. What would be cut off gets the lines that are spare."""
    said = list(notices(snapshot, keymap, explain=size.width < SPELT_OUT)) or [calm(snapshot)]
    spare = size.height - len(said)
    shown: list[Spans] = []
    for spans in said:
        laid = _laid_out(spans, size.width, max(0, spare))
        spare -= len(laid) - 1
        shown += laid
    return [Line((Span(" "), *spans)) for spans in shown[: size.height]]


def _laid_out(spans: Spans, cells: int, spare: int) -> list[Spans]:
    """One notice in one line and up to `spare` more: its mend gets one of its own first, then what was said."""
    *told, mend = spans
    if not (spare and told and mend.role == "muted" and mend.text and cells_of(spans) >= cells):
        return [spans]
    head: list[Spans] = [tuple(told)]
    pieces = wrap(told[0].text, cells - 3)
    if len(told) == 1 and len(pieces) <= spare:
        head = [(Span("  " * bool(number) + piece, told[0].role),) for number, piece in enumerate(pieces)]
    below = wrap(mend.text.strip(), cells - 3)[: 1 + spare - len(head)]
    return [*head, *((Span(f"  {piece}", mend.role),) for piece in below)]


def notices(snapshot: Snapshot, keymap: Keymap, *, explain: bool) -> Iterator[Spans]:
    """Everything that is not as it should be, what the user is waiting for first.

    `explain` says in words what the bars have room to mark only.
    """
    change = snapshot.change
    if change is not None and _news(change, snapshot.at):
        yield _change(change, snapshot, keymap)
    told: set[Problem | None] = set()
    for feed in snapshot.feeds:
        if feed.state in {FeedState.STALE, FeedState.FAILED} and feed.problem not in told:
            told.add(feed.problem)
            yield _feed(feed, snapshot.at)
    if explain and (change is None or change.outcome is not None):
        for row, note in (("serving", serving_note(snapshot)), ("observed", observed_note(snapshot))):
            if note:
                yield (Span(f"{row} {note}", "warn"),)
    yield from app_notices(snapshot)
    for notice in snapshot.notices:
        yield (Span(clean(notice.text), "warn"), Span(f"  {clean(notice.mend)}", "muted"))


def calm(snapshot: Snapshot) -> Spans:
    """What to say when nothing is wrong."""
    if snapshot.service is None:
        return (Span("waiting for the first answer", "muted"),)
    last = snapshot.history[0] if snapshot.history else None
    if last is None:
        return (Span("✓ serving what was asked", "muted"),)
    ago = age_text(age(last.started, snapshot.wall))
    told = f"{last.intent.value} {moves(last)} {result(last)}, {ago} ago by {clean(last.actor)}"
    since = _since(last, snapshot)
    ours = "last change from here" if since else "last change"
    return (Span(f"✓ serving what was asked{since} · {ours}: {told}", "muted"),)


def _since(last: Change, snapshot: Snapshot) -> str:
    """Who changed the traffic after our last change took hold; "" where it still stands."""
    service = snapshot.service
    if service is None or last.outcome is not Outcome.APPLIED or same_split(last.after, service.spec):
        return ""
    when = age_text(age(service.updated, snapshot.wall))
    return f", changed since by {clean(service.last_modifier) or 'somebody else'} {when} ago"


def _news(change: Change, at: float) -> bool:
    """Whether a change is still worth a line: on its way, ended badly, or ended well a moment ago."""
    if change.outcome is not Outcome.APPLIED:
        return True
    return change.ended is not None and at - change.ended < GOOD_NEWS_SECONDS


def _change(change: Change, snapshot: Snapshot, keymap: Keymap) -> Spans:
    if change.outcome is None:
        return under_way(change, snapshot.at)
    mend = clean(change.problem.mend) if change.problem else ""
    if change.sides is not None:
        mend = f"{keymap.shown('sides')} shows the three sides"
    elif change.outcome is Outcome.APPLIED and snapshot.undo is not None and not mend:
        mend = f"{keymap.shown('undo')} undoes it"
    return (*ended(change), Span(f"  {mend}" if mend else "", "muted"))


def _feed(feed: Feed, at: float) -> Spans:
    mark, role = FRESHNESS[feed.state]
    old = feed.age(at)
    head = f"{mark} {clean(feed.name)} {feed.state.value}{f' {duration(old)}' if old is not None else ''}"
    if feed.problem is None:
        return (Span(head, role),)
    retry = f" · next try in {duration(max(0.0, feed.retry_at - at))}" if feed.retry_at is not None else ""
    return (
        Span(f"{head}: {clean(feed.problem.text)}", role),
        Span(f"  {clean(feed.problem.mend)}{retry}", "muted"),
    )
