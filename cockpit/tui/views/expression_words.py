"""What there is to say about an expression while it is written: what is wrong with it, or what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.text import clean

if TYPE_CHECKING:
    from cockpit.metrics.engine import QueryError

HINT = "type an expression; tab takes a suggestion, ctrl+space shows them, enter asks"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an expression came to: how many series, and what the engine remarks, or why it has no answer."""

    expression: str = ""
    count: int = 0
    notes: tuple[str, ...] = ()
    refused: QueryError | None = None


def said(text: str, fault: QueryError | None, outcome: Outcome) -> Content:
    """Two lines at most: the fault of what is written, else its outcome, else what to do."""
    written = text.strip()
    if not written:
        return Content.styled(HINT, "$text-muted")
    if fault is not None and is_unfinished(text, fault):
        return Content.styled("… ", "$text-muted").append(_told(fault, "$text-muted"))
    if fault is not None:
        return complaint(fault)
    if written != outcome.expression:
        return Content.styled("enter asks", "$text-muted")
    if outcome.refused is not None:
        return complaint(outcome.refused)
    return _answer(outcome)


def is_unfinished(text: str, fault: QueryError) -> bool:
    """Whether a fault is that there is no more yet."""
    return fault.position is not None and fault.position >= len(text.rstrip())


def complaint(error: QueryError) -> Content:
    """Why there is no answer, and the mend in a line below."""
    return Content.styled("✗ ", "$error bold").append(_told(error))


def _told(error: QueryError, style: str = "") -> Content:
    mend = (f"\n  {clean(error.mend)}", "$text-muted") if error.mend else ""
    return Content.assemble((clean(str(error)), style), mend)


def _answer(outcome: Outcome) -> Content:
    """How many series, and the first remark; where there are more, that there are."""
    series = "no series" if not outcome.count else f"{outcome.count:,} series"
    first = Content.assemble(("✓ " if outcome.count else "○ ", "$success"), series)
    if not outcome.notes:
        return first
    more = f" (and {len(outcome.notes) - 1} more)" if len(outcome.notes) > 1 else ""
    return Content.assemble(first, ("\n! ", "$warning"), clean(outcome.notes[0]), (more, "$text-muted"))
