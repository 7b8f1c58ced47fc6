"""Runs Prometheus' test scripts against the local evaluator and says how each evaluation went."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

import numpy as np

from cockpit.metrics.engine import Answer, Line, QueryError, ResultKind, Sample
from cockpit.metrics.labels import Labels, notation
from cockpit.metrics.matchers import Matcher
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from cockpit.metrics.series import Block
from tests.metrics.promql.memory import MemoryStorage
from tests.metrics.promql.notation import Gap
from tests.metrics.promql.scripts import Clear, Evaluation, Load, commands

TOLERANCE = 1e-6
AROUND = 60_000
"""Milliseconds before and after one moment over which its expression is evaluated once more, as a range."""

# Not the evaluator's own list: what it wrongly refuses must count as a miss.
EXPERIMENTAL = re.compile(
    r"\b(?:double_exponential_smoothing|histogram_quantiles|holt_winters|info|mad_over_time|max_of|min_of|range"
    r"|sort_by_label|sort_by_label_desc|start_timestamp|step|ts_of_(?:first|last|max|min)_over_time"
    r"|limitk|limit_ratio|fill|fill_left|fill_right)\b\s*(?:by\s*\([^)]*\)\s*|without\s*\([^)]*\)\s*)?\("
    r"|\b(?:anchored|smoothed)\b|(?<!@ )(?<!@)\b(?:start|end)\(\)"
)
NATIVE = re.compile(r"\bhistogram_(?:avg|count|stddev|stdvar|sum)\s*\(|</|>/")


Got = TypeVar("Got")
Expected = TypeVar("Expected")


class Verdict(Enum):
    """How an evaluation went."""

    PASS = "passed"
    MISS = "missed"
    EXPERIMENTAL = "experimental"
    NATIVE = "native histograms"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One evaluation: the script's line, the expression, how it went and, for a miss, why."""

    line: int
    expression: str
    verdict: Verdict
    reason: str = ""


class MissError(Exception):
    """What was got is not what was expected."""


class ScriptStorage(MemoryStorage):
    """Series that a script loaded. It remembers whether one with native histograms was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.natives: dict[Labels, set[int]] = {}
        self.met_native = False

    def load(self, load: Load) -> None:
        """Add what a load command says."""
        for series in load.series:
            timed = [(place * load.step, point) for place, point in enumerate(series.points)]
            self.add(series.labels, [(time, point) for time, point in timed if not isinstance(point, Gap)])
            self.natives.setdefault(series.labels, set()).update(
                time for time, point in timed if point is Gap.NATIVE
            )

    def select(self, matchers: Sequence[Matcher], start: int, end: int) -> Sequence[Block]:
        """As the protocol Storage has it."""
        self.met_native |= any(
            any(start < time <= end for time in times) and all(matcher.matches(labels) for matcher in matchers)
            for labels, times in self.natives.items()
        )
        return super().select(matchers, start, end)


def run(script: str) -> Iterator[Outcome]:
    """Every evaluation of a script, in order."""
    storage = ScriptStorage()
    for command in commands(script):
        if isinstance(command, Clear):
            storage = ScriptStorage()
        elif isinstance(command, Load):
            storage.load(command)
        else:
            yield _outcome(command, storage)


def _outcome(evaluation: Evaluation, storage: ScriptStorage) -> Outcome:
    def outcome(verdict: Verdict, reason: str = "") -> Outcome:
        return Outcome(evaluation.line, evaluation.expression, verdict, reason)

    if EXPERIMENTAL.search(evaluation.expression):
        return outcome(Verdict.EXPERIMENTAL)
    if NATIVE.search(evaluation.expression) or any(Gap.NATIVE in each.points for each in evaluation.series):
        return outcome(Verdict.NATIVE)
    storage.met_native = False
    try:
        _check(evaluation, storage)
    except MissError as miss:
        return outcome(Verdict.NATIVE if storage.met_native else Verdict.MISS, str(miss))
    return outcome(Verdict.NATIVE if storage.met_native else Verdict.PASS)


def _check(evaluation: Evaluation, storage: ScriptStorage) -> None:
    """Raises MissError."""
    answer = _answer(evaluation, storage)
    if answer is None:
        return
    _check_notes(evaluation, answer.notes)
    if evaluation.step is not None:
        _check_lines(evaluation, answer.lines, evaluation.step)
    elif evaluation.matrix_step is not None:
        _check_lines(evaluation, answer.lines, evaluation.matrix_step)
    elif evaluation.text is not None:
        _require(answer.text == evaluation.text, f"the text is {answer.text!r}, not {evaluation.text!r}")
    else:
        _check_samples(evaluation, answer)
        if not evaluation.ordered:
            _check_samples(evaluation, _around(evaluation, storage), "as a range: ")


def _answer(evaluation: Evaluation, storage: ScriptStorage) -> Answer | None:
    """What the expression comes to; None where it fails as it should."""
    expected = evaluation.expected("fail")
    try:
        answer = _evaluated(evaluation, storage)
    except QueryError as error:
        if not expected:
            raise MissError(f"{error.kind} error: {error}") from error
        _require(any(each.search(str(error)) for each in expected), f"it fails with: {error}")
        return None
    _require(not expected, "it does not fail")
    return answer


def _evaluated(evaluation: Evaluation, storage: ScriptStorage) -> Answer:
    if evaluation.step is None:
        return evaluate_instant(evaluation.expression, storage, evaluation.end)
    return evaluate_range(evaluation.expression, storage, evaluation.start, evaluation.end, evaluation.step)


def _around(evaluation: Evaluation, storage: ScriptStorage) -> Answer:
    """The same moment, taken from a range around it."""
    at = evaluation.end
    try:
        answer = evaluate_range(evaluation.expression, storage, at - AROUND, at + AROUND, AROUND)
    except QueryError as error:
        raise MissError(f"as a range: {error.kind} error: {error}") from error
    held = [(line.labels, line.values[line.times == at]) for line in answer.lines]
    samples = tuple(Sample(labels, float(values[0])) for labels, values in held if values.size)
    kind = ResultKind.VECTOR if evaluation.scalar is None else ResultKind.SCALAR
    return Answer(kind, samples)


def _check_notes(evaluation: Evaluation, notes: Sequence[str]) -> None:
    for kind, prefix in (("warn", "PromQL warning"), ("info", "PromQL info")):
        said = [note for note in notes if note.startswith(prefix)]
        if evaluation.expected(f"no_{kind}"):
            _require(not said, f"it says {said}")
        patterns = evaluation.expected(kind)
        for pattern in patterns:
            _require(any(map(pattern.search, said)), f"it does not say {kind} {pattern.pattern!r} but {said}")
        for note in said if patterns else ():
            _require(any(pattern.search(note) for pattern in patterns), f"it says {note}")


def _check_samples(evaluation: Evaluation, answer: Answer, when: str = "") -> None:
    if evaluation.scalar is not None:
        _require(answer.kind is ResultKind.SCALAR, f"{when}it is a {answer.kind.value}")
        _require(near(answer.samples[0].value, evaluation.scalar), f"{when}it is {answer.samples[0].value}")
        return
    _require(answer.kind is ResultKind.VECTOR, f"{when}it is a {answer.kind.value}")
    expected = {each.labels: each.points[0] for each in evaluation.series}
    got = {sample.labels: sample.value for sample in answer.samples}
    _require(len(got) == len(answer.samples), f"{when}a label set comes twice")
    _compare(expected, got, lambda value, point: near(value, _number(point)), when)
    if evaluation.ordered:
        _require(list(got) == list(expected), f"the order is {[notation(labels) for labels in got]}")


def _check_lines(evaluation: Evaluation, lines: Sequence[Line], step: int) -> None:
    expected = {}
    for each in evaluation.series:
        timed = [(evaluation.start + place * step, point) for place, point in enumerate(each.points)]
        expected[each.labels] = [(time, _number(point)) for time, point in timed if not isinstance(point, Gap)]
    got = {line.labels: list(zip(line.times.tolist(), line.values.tolist(), strict=True)) for line in lines}
    _require(len(got) == len(lines), "a label set comes twice")
    _compare(expected, got, _same_points)


def _same_points(got: list[tuple[int, float]], expected: list[tuple[int, float]]) -> bool:
    return [time for time, _ in got] == [time for time, _ in expected] and all(
        near(value, point) for (_, value), (_, point) in zip(got, expected, strict=True)
    )


def _compare(
    expected: dict[Labels, Expected],
    got: dict[Labels, Got],
    alike: Callable[[Got, Expected], bool],
    when: str = "",
) -> None:
    for labels, value in got.items():
        _require(labels in expected, f"{when}{notation(labels)} {value} is not expected")
        _require(alike(value, expected[labels]), f"{when}{notation(labels)} is {value}, not {expected[labels]}")
    for labels, point in expected.items():
        _require(labels in got, f"{when}{notation(labels)} {point} is not there")


def near(value: float, expected: float) -> bool:
    """Whether two values are the same to one in a million, as Prometheus' own runner has it; NaN is NaN."""
    if value == expected or (math.isnan(value) and math.isnan(expected)):
        return True
    if not (math.isfinite(value) and math.isfinite(expected)) or 0 in (value, expected):
        return False
    scale = min(abs(value) + abs(expected), float(np.finfo(float).max))
    return abs(value / scale - expected / scale) < TOLERANCE


def _number(point: float | Gap) -> float:
    if isinstance(point, Gap):
        raise MissError("the script expects no sample where there must be one")
    return point


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise MissError(reason)
