"""What can be typed next in an expression: words of PromQL, and what the engine is known to have."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from cockpit.metrics.labels import NAME, label_name, notation, quoted
from cockpit.metrics.promql.completion import Wanted
from cockpit.metrics.promql.vocabulary import (
    AGGREGATIONS,
    DURATIONS,
    FUNCTIONS,
    GROUPINGS,
    LISTING,
    OPERATORS,
)
from cockpit.text import clean
from cockpit.tui.widgets.fuzzy import Match, ranked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cockpit.metrics.breakdown import Label
    from cockpit.metrics.catalogue import Metric
    from cockpit.metrics.promql.completion import Place

MOST_SHOWN = 200
"""Suggestions of a place: whoever wants another one types one more letter."""

FEW = 500
"""Suggestions that are ranked between two keys."""
ENOUGH = 20
"""So many that have what was typed in one piece, and nobody looks for those that have its letters alone."""

_AT_ONCE = frozenset({Wanted.LABEL, Wanted.VALUE, Wanted.DURATION})
"""Places so narrow that they are worth suggestions before a letter is typed."""

_WITHOUT_ARGUMENTS = frozenset({"time", "pi"})
_BEHIND_OPERATORS = ("bool", "on", "ignoring", "group_left", "group_right")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to type, found by its `text`; `before` and `after` stand around the cursor once it is taken.

    `kind` is a word, `about` a few.
    """

    text: str
    kind: str
    about: str = ""
    before: str = ""
    after: str = ""


Ranked = tuple[Suggestion, Match]


@dataclass(frozen=True, slots=True)
class Known:
    """What an engine is known to have so far: its metrics, and the names of their samples.

    `labels` holds those of the metrics that were looked at, by name; by "" those of all. `operands` is made of the
    others once, as with thousands of metrics no key could wait for it.
    """

    metrics: Sequence[Metric] = ()
    names: Sequence[str] = ()
    labels: dict[str, tuple[Label, ...]] = field(default_factory=dict)
    operands: tuple[Suggestion, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "operands", tuple(_operands(self.metrics, self.names)))

    def missing(self, place: Place) -> tuple[str, ...]:
        """The metrics whose labels a place needs and nobody has looked at yet."""
        if place.wanted not in (Wanted.LABEL, Wanted.VALUE):
            return ()
        return tuple(name for name in place.metrics or ("",) if name not in self.labels)


class Answer(NamedTuple):
    """What can be typed at a place, best first; `place` is the one it was found for."""

    place: Place
    found: Sequence[Ranked]


def opens(place: Place) -> bool:
    """Whether suggestions show by themselves while somebody types there."""
    is_number = place.wanted is Wanted.OPERAND and place.typed[:1].isdigit()
    return (bool(place.typed) and not is_number) or place.wanted in _AT_ONCE


def at_once(place: Place, known: Known) -> Answer | None:
    """What can be typed at a place, None where there is so much to look through that a key would have to wait."""
    near = _near(place.typed, _candidates(place, known))
    return None if near is None else _answer(place, near)


def suggestions(place: Place, known: Known) -> Answer:
    """What can be typed at a place, best first, MOST_SHOWN at most."""
    candidates = _candidates(place, known)
    near = _near(place.typed, candidates)
    return _answer(place, candidates if near is None else near)


def _answer(place: Place, candidates: Sequence[Suggestion]) -> Answer:
    found = ranked(place.typed, candidates, lambda each: each.text)[:MOST_SHOWN]
    if place.wanted is Wanted.VALUE:
        found = [(replace(each, before=_in_quotes(each.text, place)), match) for each, match in found]
    return Answer(place, found)


def _near(typed: str, candidates: Sequence[Suggestion]) -> Sequence[Suggestion] | None:
    """All where they are few; of many those that have what was typed in one piece, None where too few have."""
    if len(candidates) <= FEW:
        return candidates
    lowered = typed.lower()
    holding = [each for each in candidates if lowered in each.text.lower()]
    if len(holding) < ENOUGH:
        return None
    return sorted(holding, key=lambda each: not each.text.lower().startswith(lowered))[:FEW]


def _candidates(place: Place, known: Known) -> Sequence[Suggestion]:
    match place.wanted:
        case Wanted.OPERAND:
            return known.operands
        case Wanted.OPERATOR:
            return list(_words(OPERATORS, "operator"))
        case Wanted.GROUPING:
            return list(_words(GROUPINGS, "keyword"))
        case Wanted.DURATION:
            return [Suggestion(text, "duration", about, text) for text, about in DURATIONS.items()]
        case Wanted.LABEL:
            return list(_label_names(place, known))
        case Wanted.VALUE:
            return list(_values(place, known))


def _operands(metrics: Sequence[Metric], names: Sequence[str]) -> Iterator[Suggestion]:
    yield from _called(AGGREGATIONS, "aggregation")
    yield from _called(FUNCTIONS, "function")
    about = {metric.sample_name: metric for metric in metrics}
    about |= {metric.name: metric for metric in metrics}
    for name in names:
        metric = about.get(name)
        kind = metric.kind.value if metric else "metric"
        yield Suggestion(name, kind, metric.help if metric else "", notation(((NAME, name),)))
    yield from _words({word: OPERATORS[word] for word in _BEHIND_OPERATORS}, "keyword")


def _called(words: Mapping[str, str], kind: str) -> Iterator[Suggestion]:
    for name, about in words.items():
        if name in _WITHOUT_ARGUMENTS:
            yield Suggestion(name, kind, about, f"{name}()")
        else:
            yield Suggestion(name, kind, about, f"{name}(", ")")


def _words(words: Mapping[str, str], kind: str) -> Iterator[Suggestion]:
    for word, about in words.items():
        if word in LISTING:
            yield Suggestion(word, kind, about, f"{word} (", ")")
        else:
            yield Suggestion(word, kind, about, f"{word} ")


def _label_names(place: Place, known: Known) -> Iterator[Suggestion]:
    seen: set[str] = set()
    for label in _labels(place, known):
        if label.name not in seen:
            seen.add(label.name)
            count = len(label.values)
            values = clean(label.values[0][0]) if count == 1 else f"{count:,} values"
            yield Suggestion(label.name, "label", values, label_name(label.name))


def _values(place: Place, known: Known) -> Iterator[Suggestion]:
    if place.label == NAME:
        yield from (Suggestion(name, "metric") for name in known.names)
    for label in _labels(place, known):
        if label.name == place.label:
            for value, count in label.values:
                yield Suggestion(value, "value", f"{count:,} series")


def _labels(place: Place, known: Known) -> Iterator[Label]:
    for metric in place.metrics or ("",):
        yield from known.labels.get(metric, ())


def _in_quotes(value: str, place: Place) -> str:
    """A value in the quotes that are typed already, where it can stand in them."""
    if place.quote == "`" and clean(value) == value and not set("`\\") & set(value):
        return f"`{value}`"
    return quoted(value)
