"""OpenMetrics 1.0: exemplars, units, timestamps in seconds, and an end that must be there.

Source: Prometheus' model/textparse/openmetricslex.l and openmetricsparse.go. `_created` samples are series like
others, as Prometheus has it by default.
"""

from __future__ import annotations

import math
import re

from cockpit.metrics.exposed import Exemplar, MetricKind
from cockpit.metrics.exposition.floats import number
from cockpit.metrics.exposition.grammar import (
    BRACES,
    METRIC,
    QUOTED,
    MalformedError,
    Remark,
    Sample,
    decoded,
    in_range,
    name_of,
    unescaped,
)
from cockpit.metrics.exposition.labelsets import pairs_of
from cockpit.metrics.labels import labels_of

_SAMPLE = re.compile(
    rb"(?P<series>(?:%b)?+(?:%b)?+) (?P<value>[^ ]++)(?: (?P<stamp>(?!# \{)[^ ]++))?"
    rb"(?: # (?P<marks>%b) (?P<marked>[^ ]++)(?: (?P<moment>[^ ]++))?)?" % (METRIC, BRACES, BRACES)
)
_METADATA = re.compile(rb"# (?P<word>HELP|TYPE|UNIT) (?P<name>%b|%b) (?P<text>.*+)" % (METRIC, QUOTED))
_KINDS = {kind.value.encode(): kind for kind in MetricKind}
_END = b"# EOF"


class OpenMetrics:
    """The grammar of OpenMetrics text."""

    spaced = False

    def lines(self, body: bytes) -> list[bytes]:
        """Every line but the last, which must be `# EOF`."""
        lines = body.removesuffix(b"\n").split(b"\n")
        if lines.pop() != _END:
            if _END in lines:
                raise MalformedError("something behind # EOF", at=lines.index(_END))
            raise MalformedError('it does not end with "# EOF"', cut=True)
        return lines

    def rejoined(self, body: bytes) -> list[bytes]:
        """No value holds a bare line break here."""
        return self.lines(body)

    def sample(self, line: bytes) -> Sample | None:
        """`name{label="value"} value [seconds] [# {label="value"} value [seconds]]`."""
        match = _SAMPLE.fullmatch(line)
        if match is None or not match["series"]:
            raise MalformedError(
                "neither series, value, seconds and exemplar, one blank apart, nor a remark"
                if line
                else "a blank line"
            )
        stamp = None if match["stamp"] is None else _milliseconds(match["stamp"])
        return Sample(match["series"], match["value"], stamp, _exemplar(match))

    def remark(self, line: bytes) -> Remark:
        """`# HELP name text`, `# TYPE name type`, `# UNIT name unit`; there are no other comments."""
        match = _METADATA.fullmatch(line)
        if match is None:
            raise MalformedError(
                "something behind # EOF" if line == _END else "only HELP, TYPE and UNIT of a metric stand behind #"
            )
        word, name, text = match["word"].decode(), name_of(match["name"]), match["text"]
        if word == "HELP":
            return Remark(word, name, unescaped(text))
        if word == "UNIT":
            unit = decoded(text)
            if unit and not name.endswith(f"_{unit}"):
                raise MalformedError(f"the unit {unit!r} is not how the name {name!r} ends")
            return Remark(word, name, unit)
        kind = _KINDS.get(text)
        if kind is None:
            raise MalformedError(f"unknown metric type {text.decode(errors='replace')!r}")
        return Remark(word, name, "", kind)


def _exemplar(match: re.Match[bytes]) -> Exemplar | None:
    marks, moment = match["marks"], match["moment"]
    if marks is None:
        return None
    labels = labels_of(dict(pairs_of(marks, spaced=False, named=False)))
    return Exemplar(labels, number(match["marked"]), None if moment is None else _milliseconds(moment))


def _milliseconds(seconds: bytes) -> int:
    value = number(seconds)
    if not math.isfinite(value):
        raise MalformedError("a timestamp that is no moment")
    return in_range(int(value * 1000))
