"""Answers to the questions of a panel as series: with the name each is shown by, and how its values are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.metrics.dashboards.fields import Field, Matcher, Override, merged
from cockpit.metrics.dashboards.interpolation import interpolated
from cockpit.metrics.dashboards.names import display_name, series_names
from cockpit.metrics.dashboards.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cockpit.metrics.dashboards.interpolation import Bindings
    from cockpit.metrics.dashboards.model import Panel
    from cockpit.metrics.dashboards.questions import Question
    from cockpit.metrics.engine import Answer, Line
    from cockpit.metrics.labels import Labels

MOST_SERIES = 500
"""Series of one panel; what is beyond is counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One series of a panel: epoch milliseconds (int64, ascending) and values (float64).

    `field` has the overrides that are meant for it put in; its name is untrusted text, as its labels are.
    """

    name: str
    labels: Labels
    ref: str
    times: NDArray[np.int64]
    values: NDArray[np.float64]
    field: Field


class Found(NamedTuple):
    """The series of a panel, and how many more there were."""

    series: tuple[Series, ...]
    left_out: int = 0


def series_of(panel: Panel, answers: Iterable[tuple[Question, Answer]], variables: Bindings) -> Found:
    """The series that a panel's questions came to, in the order of its targets."""
    found: list[Series] = []
    left_out = 0
    for question, answer in answers:
        lines = _lines(question, answer)
        kept = lines[: MOST_SERIES - len(found)]
        left_out += len(lines) - len(kept)
        names = series_names(question.legend, question.expression, [labels for labels, _, _ in kept])
        for name, (labels, times, values) in zip(names, kept, strict=True):
            field = field_of(panel, name, question.target.ref)
            title = shown_name(field, name, labels, variables)
            found.append(Series(title, labels, question.target.ref, times, values, field))
    return Found(tuple(found), left_out)


def field_of(panel: Panel, name: str, ref: str, kind: str = "number") -> Field:
    """How a series or a column of this name shows its values: `kind` is "number", "string" or "time"."""
    return merged(panel.field, (each.field for each in panel.overrides if _is_meant(each, name, ref, kind)))


def shown_name(field: Field, name: str, labels: Labels, variables: Bindings) -> str:
    """The name a series has by its field's displayName, or its own."""
    if not field.display_name:
        return name
    return interpolated(display_name(field.display_name, name, labels), variables) or name


def _is_meant(override: Override, name: str, ref: str, kind: str) -> bool:
    if override.matcher is Matcher.REF:
        return ref in override.named
    if override.matcher is Matcher.TYPE:
        return kind in override.named
    if override.matcher is Matcher.REGEX:
        found = pattern(override.named[0])
        return found is not None and found.search(name) is not None
    return (name in override.named) is not override.exclude


def _lines(question: Question, answer: Answer) -> Sequence[tuple[Labels, NDArray[np.int64], NDArray[np.float64]]]:
    """Lines, or the samples of one moment as lines of one value each."""
    if answer.lines:
        return [_line(line) for line in answer.lines]
    at = np.array([question.end], dtype=np.int64)
    return [(sample.labels, at, np.array([sample.value])) for sample in answer.samples]


def _line(line: Line) -> tuple[Labels, NDArray[np.int64], NDArray[np.float64]]:
    return line.labels, line.times, line.values
