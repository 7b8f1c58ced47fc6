"""A change in words: on its way, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.snapshot import Outcome, Phase
from cockpit.release.plan import gains
from cockpit.release.state import short_name
from cockpit.release.traffic import label, tags
from cockpit.text import clean, duration
from cockpit.tui.lines import Span

if TYPE_CHECKING:
    from cockpit.live.snapshot import Change
    from cockpit.tui.lines import Spans

ENDINGS: dict[Outcome, tuple[str, str]] = {
    Outcome.APPLIED: ("✓", "good"),
    Outcome.REFUSED: ("–", "warn"),
    Outcome.FAILED: ("✗", "bad"),
    Outcome.OVERTAKEN: ("≠", "bad"),
    Outcome.UNKNOWN: ("?", "bad"),
}
"""The mark and the role of every outcome."""

_PHASES = tuple(Phase)


def moves(change: Change) -> str:
    """What a change moves: "00279-kub 10 → 25 %", for the revision it gives most to; else its tags."""
    service = change.ref.service
    gain = max(gains(change.before, change.after), key=lambda each: each.points)
    if gain.points > 0:
        return f"{clean(short_name(label(gain.revision), service))} {gain.before} → {gain.after} %"
    old, new = tags(change.before), tags(change.after)
    moved = sorted(tag for tag in old.keys() | new.keys() if old.get(tag) != new.get(tag))
    return ", ".join(
        f"tag {clean(tag)} {_place(old, tag, service)} → {_place(new, tag, service)}" for tag in moved
    )


def under_way(change: Change, at: float) -> Spans:
    """A change on its way: a dot for every phase, the one at hand in words, and the seconds so far."""
    reached = _PHASES.index(change.phase)
    dots = "●" * reached + "◐" + "○" * (len(_PHASES) - reached - 2)
    elapsed = f" · {duration(at - change.began)}" if change.began is not None else ""
    return (
        Span(f"{dots} ", "warn"),
        Span(f"{change.intent.value} {moves(change)}", "bold"),
        Span(f" · {change.phase.value}{elapsed}", "warn"),
    )


def ended(change: Change) -> Spans:
    """How a change ended, in words."""
    if change.outcome is None:
        return ()
    mark, role = ENDINGS[change.outcome]
    return (
        Span(f"{mark} ", role),
        Span(f"{change.intent.value} {moves(change)} ", "bold"),
        Span(result(change), role),
    )


def result(change: Change) -> str:
    """The outcome alone: "serving after 3.4 s", or why not."""
    if change.outcome is None:
        return change.phase.value
    why = clean(change.problem.text) if change.problem else ""
    if change.outcome is Outcome.APPLIED:
        taken = change.time_to_serving
        after = f"serving after {duration(taken)}" if taken is not None else "serving"
        return f"{after}; {why}" if why else after
    return f"{_ENDED[change.outcome]}: {why}" if why else _ENDED[change.outcome]


_ENDED = {
    Outcome.REFUSED: "refused",
    Outcome.FAILED: "failed",
    Outcome.OVERTAKEN: "overtaken",
    Outcome.UNKNOWN: "outcome unknown",
}


def _place(places: dict[str, str], tag: str, service: str) -> str:
    return clean(short_name(label(places[tag]), service)) if tag in places else "none"
