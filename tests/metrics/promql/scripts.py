"""Prometheus' test scripts (`.test`), read into commands: load, clear, eval.

The grammar is that of promql/promqltest in Prometheus' repository, but for start timestamps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from cockpit.metrics.labels import NAME, Labels, labels_of
from tests.metrics.promql import notation
from tests.metrics.promql.notation import Gap, Point

_LOAD = re.compile(r"load(_with_nhcb)?\s+(\S+)")
_INSTANT = re.compile(r"eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(\S+)\s+)?(.+)")
_RANGE = re.compile(r"eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)")
_EXPECT = re.compile(r"expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?")
_EXPECT_MATRIX = re.compile(r"expect\s+range\s+vector\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)")
_OLD_MESSAGE = re.compile(r"expected_fail_(message|regexp)\s+(.+)")


@dataclass(frozen=True, slots=True)
class Series:
    """A label set and its points, one a step."""

    labels: Labels
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """Samples to add, every `step` milliseconds from the epoch on."""

    step: int
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Clear:
    """All samples go."""


@dataclass(slots=True)
class Evaluation:
    """An expression, when it is evaluated (epoch milliseconds), and what it must come to.

    `step` is None for one moment, `end`. `matrix_step` is set where one moment must give a range vector.
    """

    line: int
    expression: str
    start: int
    end: int
    step: int | None
    matrix_step: int | None = None
    series: list[Series] = field(default_factory=list)
    scalar: float | None = None
    text: str | None = None
    ordered: bool = False
    notes: list[tuple[str, re.Pattern[str]]] = field(default_factory=list)
    """What must be said: "fail", "warn", "info", "no_warn" or "no_info", and how."""

    def expected(self, kind: str) -> list[re.Pattern[str]]:
        """The patterns of one kind of note."""
        return [pattern for said, pattern in self.notes if said == kind]


Command = Load | Clear | Evaluation


def commands(script: str) -> Iterator[Command]:
    """The commands of a script, in order. Raises ValueError with the line."""
    lines = [_stripped(line) for line in script.split("\n")]
    position = 0
    while position < len(lines):
        line = lines[position]
        body = list(takewhile(bool, lines[position + 1 :])) if line.startswith(("load", "eval")) else []
        try:
            if line:
                yield _command(position + 1, line, body)
        except ValueError as error:
            raise ValueError(f"line {position + 1}: {error}") from error
        position += 1 + len(body)


def _stripped(line: str) -> str:
    line = line.strip()
    return "" if line.startswith("#") else line


def _command(line: int, text: str, body: list[str]) -> Command:
    if text == "clear":
        return Clear()
    if load := _LOAD.fullmatch(text):
        loaded = [Series(*notation.series(each)) for each in body]
        return Load(notation.duration(load[2]), tuple(loaded + (_natives(loaded) if load[1] else [])))
    if spanned := _RANGE.fullmatch(text):
        mode, start, end, step, expression = spanned.groups()
        first, last, gap = (notation.duration(each) for each in (start, end, step))
        return _with_body(Evaluation(line, expression, first, last, gap), mode, body)
    if instant := _INSTANT.fullmatch(text):
        mode, at, expression = instant.groups()
        moment = notation.duration(at or "0")
        return _with_body(Evaluation(line, expression, moment, moment, None), mode, body)
    raise ValueError(f"{text!r} is no command")


def _natives(loaded: list[Series]) -> list[Series]:
    """Marks for the native histograms that load_with_nhcb makes of classic ones."""
    found = {}
    for each in loaded:
        pairs = dict(each.labels)
        pairs[NAME] = re.sub(r"_(bucket|count|sum)$", "", pairs.get(NAME, ""))
        pairs.pop("le", None)
        found[labels_of(pairs)] = Series(labels_of(pairs), (Gap.NATIVE,) * len(each.points))
    return list(found.values())


def _with_body(evaluation: Evaluation, mode: str | None, body: list[str]) -> Evaluation:
    if mode == "ordered":
        evaluation.ordered = True
    elif mode:
        evaluation.notes.append((mode, re.compile("")))
    for text in body:
        _expect(evaluation, text)
    return evaluation


def _expect(evaluation: Evaluation, text: str) -> None:
    if matrix := _EXPECT_MATRIX.fullmatch(text):
        evaluation.start, evaluation.end, evaluation.matrix_step = map(notation.duration, matrix.groups())
    elif text.startswith("expect string"):
        evaluation.text = notation.unquoted(text.removeprefix("expect string").strip())
    elif said := _EXPECT.fullmatch(text):
        evaluation.ordered |= said[1] == "ordered"
        evaluation.notes.append((said[1], _pattern(said[2], said[3])))
    elif old := _OLD_MESSAGE.fullmatch(text):
        evaluation.notes.append(("fail", _pattern("regex" if old[1] == "regexp" else "msg", old[2])))
    elif (scalar := notation.number(text)) is not None:
        evaluation.scalar = scalar
    else:
        evaluation.series.append(Series(*notation.series(text)))


def _pattern(kind: str | None, text: str | None) -> re.Pattern[str]:
    """Positions are left out of what must be said: where they are known, notes here do not repeat them."""
    if kind is None or text is None:
        return re.compile("")
    if kind == "regex":
        return re.compile(re.sub(r" \\\(\[0-9\]\+:\[0-9\]\+\\\)$| \\\(\d+:\d+\\\)$", "", text.strip()))
    return re.compile(re.escape(re.sub(r" \(\d+:\d+\)$", "", text.strip())))
