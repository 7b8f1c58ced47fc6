"""What a panel's questions came to, and what is said where they came to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.engine import Answer, QueryError
from cockpit.text import clean, shorten
from cockpit.tui.charts.ticks import clock
from cockpit.tui.lines import Line, Span, wrap

if TYPE_CHECKING:
    from datetime import tzinfo

    from cockpit.metrics.dashboards.interpolation import Bindings
    from cockpit.metrics.dashboards.model import Panel
    from cockpit.metrics.dashboards.questions import Question
    from cockpit.tui.charts.view import Window

_MOST_TOLD = 6
_LONGEST_EXPRESSION = 120


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The answers to a panel's questions, in their order, over `window`; `variables` went into them.

    `unknown` are metrics that the engine has never heard of: they may be why an answer is empty.
    """

    questions: tuple[Question, ...]
    answers: tuple[Answer | QueryError, ...]
    window: Window
    variables: Bindings
    unknown: frozenset[str] = frozenset()

    @property
    def answered(self) -> list[tuple[Question, Answer]]:
        """The questions that have an answer."""
        pairs = zip(self.questions, self.answers, strict=True)
        return [(question, answer) for question, answer in pairs if isinstance(answer, Answer)]

    @property
    def refused(self) -> list[tuple[Question, QueryError]]:
        """Those that have none."""
        pairs = zip(self.questions, self.answers, strict=True)
        return [(question, error) for question, error in pairs if isinstance(error, QueryError)]

    @property
    def notes(self) -> tuple[str, ...]:
        """What the engine remarked, each once."""
        return tuple(dict.fromkeys(note for _, answer in self.answered for note in answer.notes))


def reasons(panel: Panel, outcome: Outcome, cells: int, zone: tzinfo | None) -> list[Line]:
    """Why a panel shows nothing: each expression with what is wrong, or that it has no samples."""
    said: list[tuple[str, str]] = []
    for question, error in outcome.refused:
        said += [(f"{_head(question)}✗ {clean(str(error))}", "bad")]
        said += [(clean(error.mend), "muted")] if error.mend else []
    times = f"from {clock(outcome.window.start, zone)} to {clock(outcome.window.end, zone)}"
    for question, _ in outcome.answered:
        missing = sorted(name for name in outcome.unknown if name in question.expression)
        why = f"no metric is called {clean(missing[0])}" if missing else f"no samples {times}"
        said += [(f"{_head(question)}{why}", "muted")]
        said += (
            [] if missing else [(shorten(clean(" ".join(question.expression.split())), _LONGEST_EXPRESSION), "")]
        )
    said += [(clean(each), "warn") for each in panel.missing]
    if not said:
        said = [("it asks nothing", "muted")]
    return [
        Line((Span(f" {piece}", role),)) for text, role in said[:_MOST_TOLD] for piece in wrap(text, cells - 2)
    ]


def remarks(panel: Panel, outcome: Outcome) -> tuple[str, str]:
    """What the frame of a panel that shows something says, and its role: what failed, what it lacks, remarks."""
    if outcome.refused:
        question, error = outcome.refused[0]
        return f"{_head(question)}✗ {clean(str(error))}", "bad"
    if panel.missing:
        more = f" +{len(panel.missing) - 1}" if len(panel.missing) > 1 else ""
        return f"! {clean(panel.missing[0])}{more}", "warn"
    return (f"! {clean(outcome.notes[0])}", "muted") if outcome.notes else ("", "muted")


def _head(question: Question) -> str:
    return f"{clean(question.target.ref)}: " if question.target.ref else ""
