"""A body turned into columns: the hot loop."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cockpit.metrics.exposed import Family, MetricKind
from cockpit.metrics.exposition.floats import numbers
from cockpit.metrics.exposition.grammar import MalformedError
from cockpit.metrics.exposition.layout import Layout
from cockpit.metrics.exposition.numbering import Last

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cockpit.metrics.exposed import Exemplar
    from cockpit.metrics.exposition.grammar import Remark
    from cockpit.metrics.exposition.numbering import Numbering

T = TypeVar("T")

_NO_SAMPLE = -1


@dataclass(slots=True, eq=False)
class Scan:
    """All samples of a body in their order: `ids` (int64) of the numbering's table and `values` (float64).

    `stamps` and `exemplars` go by position in `ids`. A series may stand there more than once.
    """

    ids: NDArray[np.int64]
    values: NDArray[np.float64]
    stamps: dict[int, int]
    exemplars: dict[int, Exemplar]
    remarks: list[Remark]


@dataclass(slots=True)
class _Rest:
    """What is not plainly a known series and its value; stamps and exemplars by line."""

    stamps: dict[int, int] = field(default_factory=dict)
    exemplars: dict[int, Exemplar] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


def scan(lines: Sequence[bytes], numbering: Numbering) -> Scan:
    """Read lines, the faster the more of them are as before. MalformedError knows its line."""
    last = numbering.last
    if last is not None:
        values = last.layout.values(lines)
        if values is not None:
            return Scan(last.ids, values, {}, {}, last.remarks)
    try:
        return _scanned(lines, numbering, *_split(lines, numbering))
    except MalformedError:
        # A blank is not the only thing that may stand around a value: leave it to the grammar to decide.
        return _scanned(lines, numbering, [None] * len(lines), [b""] * len(lines))


def _split(lines: Sequence[bytes], numbering: Numbering) -> tuple[list[int | None], list[bytes]]:
    """What stands behind the last blank of each line, and the series before it, None where it is not known."""
    found: list[int | None] = []
    values: list[bytes] = []
    known = numbering.known.get
    for line in lines:
        series, _, value = line.rpartition(b" ")
        found.append(known(series))
        values.append(value)
    return found, values


def _scanned(lines: Sequence[bytes], numbering: Numbering, found: list[int | None], values: list[bytes]) -> Scan:
    rest = _Rest()
    if None in found:
        _look_closer(lines, numbering, found, values, rest)
    numbered = np.array(found, np.int64)
    kept = np.flatnonzero(numbered != _NO_SAMPLE)
    places, ids = kept.tolist(), numbered[kept]
    ids.flags.writeable = False
    try:
        read = numbers([values[at] for at in places])
    except MalformedError as fault:
        fault.at = None if fault.at is None else places[fault.at]
        raise
    stamps, exemplars = _by_position(rest.stamps, places), _by_position(rest.exemplars, places)
    plain = not stamps and not exemplars
    layout = Layout.of(lines, values, numbered != _NO_SAMPLE) if plain else None
    numbering.last = None if layout is None else Last(layout, ids, rest.remarks)
    return Scan(ids, read, stamps, exemplars, rest.remarks)


def families_of(remarks: Iterable[Remark]) -> dict[str, Family]:
    """What remarks tell of the metrics, by name; of two that speak of the same, the later."""
    families: dict[str, Family] = {}
    for word, name, text, kind in remarks:
        if not word:
            continue
        family = families.get(name) or Family(name)
        if kind is not None:
            family = replace(family, kind=kind)
        elif word == "HELP":
            family = replace(family, help=text)
        else:
            family = replace(family, unit=text)
        families[name] = family
    return families


def _look_closer(
    lines: Sequence[bytes], numbering: Numbering, found: list[int | None], values: list[bytes], rest: _Rest
) -> None:
    """Fill in what `found` has no number for: remarks, blank lines, new series, timestamps, exemplars, blanks."""
    kind = MetricKind.UNKNOWN
    for at in [at for at, number in enumerate(found) if number is None]:
        line = lines[at]
        try:
            if values[at]:
                found[at] = numbering.usual(line[: -len(values[at]) - 1], kind)
                if found[at] is not None:
                    continue
            if line.lstrip(b" \t").startswith(b"#"):
                remark = numbering.remark(line)
                rest.remarks.append(remark)
                kind = remark.kind or kind
                found[at] = _NO_SAMPLE
                continue
            sample = numbering.grammar.sample(line)
            found[at] = _NO_SAMPLE if sample is None else numbering.number(sample.series, kind)
        except MalformedError as fault:
            fault.at = at
            raise
        if sample is None:
            continue
        values[at] = sample.value
        if sample.stamp is not None:
            rest.stamps[at] = sample.stamp
        if sample.exemplar is not None:
            rest.exemplars[at] = sample.exemplar


def _by_position(by_line: dict[int, T], places: list[int]) -> dict[int, T]:
    if not by_line:
        return {}
    return {position: by_line[at] for position, at in enumerate(places) if at in by_line}
