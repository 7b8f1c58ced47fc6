"""Which series of a binary operator's two sides belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.engine import QueryError
from cockpit.metrics.labels import NAME, label_name, labels_of, only, quoted, value_of, without
from cockpit.metrics.promql.grouping import grouped_by
from cockpit.metrics.promql.nodes import COMPARISONS, Cardinality

if TYPE_CHECKING:
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.frames import Flags, Frame, Indexes
    from cockpit.metrics.promql.nodes import Binary, Matching
    from cockpit.metrics.promql.scope import Budget


def ordinals(left: Frame, right: Frame, matching: Matching) -> tuple[Indexes, Indexes, int]:
    """A number for what each series is matched by, the same on both sides; and how many numbers there are."""
    numbers: dict[Labels, int] = {}
    key = grouped_by(matching.labels, excluded=not matching.on)

    def numbered(side: Frame) -> Indexes:
        return np.array([numbers.setdefault(key(each), len(numbers)) for each in side.labels], dtype=np.int64)

    return numbered(left), numbered(right), len(numbers)


def any_present(frame: Frame, numbers: Indexes, count: int) -> Flags:
    """Whether any series of a number has a sample: numbers × steps."""
    flags = np.zeros((count, frame.present.shape[1]), dtype=np.bool_)
    np.logical_or.at(flags, numbers, frame.present)
    return flags


def pairs(many: Indexes, one: Indexes, steps: int, budget: Budget) -> tuple[Indexes, Indexes]:
    """Every series of the one side with every one of the other that has its number, as two lists of rows."""
    order = np.argsort(one, kind="stable")
    ordered = one[order]
    begin = ordered.searchsorted(many, "left")
    counts = ordered.searchsorted(many, "right") - begin
    budget.take(int(counts.sum()), steps)
    rows = np.repeat(np.arange(many.size), counts)
    places = np.arange(rows.size) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(begin, counts)
    return rows, order[places]


def check_one_side(one: Frame, numbers: Indexes, others: Frame, matching: Matching) -> None:
    """Raise QueryError where two series of the "one" side match the same, at a step where there is anything to
    match."""
    if np.unique(numbers).size == numbers.size:
        return
    wanted = others.present.any(axis=0)
    seen: dict[int, Flags] = {}
    for row, number in enumerate(numbers.tolist()):
        present = one.present[row] & wanted
        before = seen.get(number)
        if before is not None and (before & present).any():
            twin = np.flatnonzero((numbers[:row] == number) & (one.present[:row] & present).any(axis=1))[0]
            _refuse_many(one.labels[twin], one.labels[row], matching)
        seen[number] = present if before is None else before | present


def _refuse_many(one: Labels, other: Labels, matching: Matching) -> None:
    side = "left" if matching.cardinality is Cardinality.ONE_TO_MANY else "right"
    group = grouped_by(matching.labels, excluded=not matching.on)(one)
    first, second = sorted((_braced(one), _braced(other)))
    message = (
        f"found duplicate series for the match group {_braced(group)} on the {side} hand-side of the operation: "
        f"[{first}, {second}];many-to-many matching not allowed: matching labels must be unique on one side"
    )
    raise QueryError(message, "evaluation", "aggregate that side by the labels both sides have")


def _braced(labels: Labels) -> str:
    """A label set in Prometheus' words for errors: the name is a label like others."""
    return f"{{{', '.join(f'{label_name(name)}={quoted(value)}' for name, value in labels)}}}"


def check_many_side(together: Flags, numbers: Indexes, names: list[Labels], matching: Matching) -> None:
    """Raise QueryError where two matches give one result.

    `together` (matches × steps) says where both sides have a sample, `numbers` and `names` what each is matched by
    and comes to.
    """
    grouped = matching.cardinality is not Cardinality.ONE_TO_ONE
    keys = list(zip(numbers.tolist(), names, strict=True)) if grouped else numbers.tolist()
    if len(set(keys)) == len(keys):
        return
    seen: dict[object, Flags] = {}
    for key, present in zip(keys, together, strict=True):
        before = seen.get(key)
        if before is not None and (before & present).any():
            if grouped:
                message = "multiple matches for labels: grouping labels must ensure unique matches"
                raise QueryError(message, "evaluation", "take over fewer labels, or match by more")
            message = "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
            raise QueryError(message, "evaluation", "add group_left() or group_right(), or aggregate that side")
        seen[key] = present if before is None else before | present


def result_labels(many: Labels, one: Labels, node: Binary, matching: Matching) -> Labels:
    """What a match is called: the "many" side's labels, in one-to-one those matched by, and what is taken over."""
    drops_name = node.operator not in COMPARISONS or node.gives_bool
    labels = without(many, (NAME,)) if drops_name else many
    if matching.cardinality is Cardinality.ONE_TO_ONE:
        labels = only(labels, matching.labels) if matching.on else without(labels, matching.labels)
    if not matching.include:
        return labels
    return labels_of({**dict(labels), **{name: value_of(one, name) for name in matching.include}})
