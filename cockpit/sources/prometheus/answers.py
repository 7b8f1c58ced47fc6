"""What Prometheus' HTTP API answers, read: https://prometheus.io/docs/prometheus/latest/querying/api/."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from cockpit.metrics.engine import Answer, Line, QueryError, ResultKind, Sample
from cockpit.metrics.exposed import Family, MetricKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.metrics.labels import Labels
    from cockpit.sources.prometheus.template import Template

Point = tuple[float, str]
"""Epoch seconds, and a value as text: "NaN", "+Inf" and "-Inf" included."""


class Envelope(msgspec.Struct):
    """Around every answer. Errors have `error_type`, and HTTP's status only as a hint."""

    status: str
    data: msgspec.Raw = msgspec.Raw(b"null")
    error_type: str = msgspec.field(default="", name="errorType")
    error: str = ""
    warnings: list[str] = []
    infos: list[str] = []


class _Data(msgspec.Struct):
    kind: str = msgspec.field(name="resultType")
    result: msgspec.Raw


class _Series(msgspec.Struct):
    metric: dict[str, str] = {}
    value: Point | None = None
    values: list[Point] = []
    histogram: Any = None
    histograms: Any = None

    @property
    def native(self) -> bool:
        """Whether it holds native histograms, which have no place in an Answer."""
        return self.histogram is not None or self.histograms is not None


class _Metadata(msgspec.Struct):
    type: str = ""
    help: str = ""
    unit: str = ""


_envelope = msgspec.json.Decoder(Envelope)
_data = msgspec.json.Decoder(_Data)
_point = msgspec.json.Decoder(Point)
_parts = msgspec.json.Decoder(list[msgspec.Raw])
_series = msgspec.json.Decoder(_Series)
_metadata = msgspec.json.Decoder(dict[str, list[_Metadata]])
_label_sets = msgspec.json.Decoder(list[dict[str, str]])
_names = msgspec.json.Decoder(list[str])

_FARTHEST = 1e13
"""Seconds from the epoch, 300,000 years, up to which there are moments."""
_KINDS = {kind.value: kind for kind in MetricKind}
_NATIVE = "native histograms are left out: they are not supported here"


def read_answer(envelope: Envelope, template: Template) -> Answer:
    """The result of a query, in our labels. Raises ValueError (msgspec's included) for what is none."""
    data = _data.decode(envelope.data)
    kind = ResultKind(data.kind)
    notes = (*envelope.warnings, *envelope.infos)
    if kind is ResultKind.STRING:
        return Answer(kind, text=_point.decode(data.result)[1], notes=notes)
    if kind is ResultKind.SCALAR:
        return Answer(kind, samples=(Sample((), float(_point.decode(data.result)[1])),), notes=notes)
    # One series after another: a whole matrix at once would hold every other thread of the cockpit up.
    found = [_series.decode(part) for part in _parts.decode(data.result)]
    if any(each.native for each in found):
        notes = (*notes, _NATIVE)
    if kind is ResultKind.VECTOR:
        samples = [Sample(template.answered(each.metric), float(each.value[1])) for each in found if each.value]
        return Answer(kind, samples=tuple(samples), notes=notes)
    return Answer(kind, lines=tuple(_line(each, template) for each in found if each.values), notes=notes)


def read_families(envelope: Envelope) -> Mapping[str, Family]:
    """Metadata, by the name of the metric; of several accounts of one metric the first. Raises MsgspecError."""
    return {
        name: Family(name, _KINDS.get(told[0].type, MetricKind.UNKNOWN), told[0].help, told[0].unit)
        for name, told in _metadata.decode(envelope.data).items()
        if told
    }


def read_names(envelope: Envelope) -> Mapping[str, Family]:
    """The values of `__name__`, as metrics of which nothing else is known. Raises MsgspecError."""
    return {name: Family(name) for name in _names.decode(envelope.data)}


def read_label_sets(envelope: Envelope, template: Template) -> tuple[Labels, ...]:
    """Series, in our labels. Raises MsgspecError."""
    return tuple(template.answered(each) for each in _label_sets.decode(envelope.data))


def _line(series: _Series, template: Template) -> Line:
    import numpy as np

    stamps, texts = zip(*series.values, strict=True)
    seconds = np.fromiter(stamps, np.float64, len(stamps))
    if not (np.abs(seconds) <= _FARTHEST).all() or (np.diff(seconds) <= 0).any():
        raise ValueError("the times of a series do not ascend, or are none")
    values = np.fromiter(map(float, texts), np.float64, len(texts))
    return Line(template.answered(series.metric), np.rint(seconds * 1000).astype(np.int64), values)


_WHERE = re.compile(r"(?:^|[^0-9])(\d{1,9}):(\d{1,9}): ")
_WRAPPING = re.compile(r'^(?:invalid parameter "\w+": |bad_data: )+')
_LIMIT = re.compile(r"too many|maximum|exceed", re.IGNORECASE)
_KINDS_OF_ERROR = {
    "timeout": "timeout",
    "canceled": "timeout",
    "execution": "evaluation",
    "unavailable": "unreachable",
}


def query_error(envelope: Envelope, asked: str) -> QueryError:
    """The error an answer tells of; its position is in the expression as it was `asked`."""
    message = _WRAPPING.sub("", " ".join(envelope.error.split())) or envelope.error_type or "no reason given"
    if found := _WHERE.search(message):
        position = _offset(asked, int(found[1]), int(found[2]))
        return QueryError((message[: found.start()] + message[found.end() :])[:400], "syntax", position=position)
    if _LIMIT.search(message):
        return QueryError(message[:400], "limit", "ask for a shorter range, a longer step, or fewer series")
    return QueryError(message[:400], _KINDS_OF_ERROR.get(envelope.error_type, "evaluation"))


def _offset(text: str, line: int, column: int) -> int:
    """Characters before a line and a column in bytes, both from 1."""
    lines = text.split("\n")
    before = sum(len(each) + 1 for each in lines[: line - 1])
    within = "".join(lines[line - 1 : line]).encode()[: column - 1]
    return min(before + len(within.decode(errors="ignore")), len(text))


def envelope_or_none(body: bytes) -> Envelope | None:
    """The answer of the API in a body, None where it is something else."""
    try:
        return _envelope.decode(body)
    except (ValueError, RecursionError):  # msgspec's errors are among the first, depth is the second's
        return None
