"""Errors by kind: messages with what differs among them masked, and then merged by Drain.

Drain: He, Zhu, Zheng and Lyu, "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017. It sees
each masked message once, in their order, so that what came first in the log makes no difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from drain3.drain import Drain, LogCluster

from cockpit.logs.digest.kinds import FOLLOWS_WITHIN, Kind, told
from cockpit.logs.digest.result import Errors, Template
from cockpit.logs.entry import Flag, Severity

if TYPE_CHECKING:
    from collections.abc import Generator

    from cockpit.logs.digest.batch import Batch
    from cockpit.logs.digest.result import ByRevision, Pair
    from cockpit.logs.names import Names

MOST_KINDS = 1_000
"""Masked messages that are told apart at a time."""
SIMILAR = 0.7
"""The part of two messages' words that is the same where they are of one kind."""

_MOST_HEADS = 1_000
_ADDED = b"  "
_INNER_END = b"\v"


class _Seen(NamedTuple):
    """One error, and where it comes from in numbers of names; `row` is its id."""

    key: Kind
    severity: int
    time: int
    row: int
    revision: int
    instance: int
    log: int

    @property
    def place(self) -> tuple[int, int, int]:
        return self.revision, self.instance, self.log


@dataclass(slots=True)
class _Kind:
    """Entries of one kind: how many of each revision (by its number), and the newest of them."""

    severity: int = 0
    counts: Counter[int] = field(default_factory=Counter)
    first: int = 0
    newest: tuple[int, int] = (0, 0)

    def saw(self, seen: _Seen) -> None:
        self.first = min(self.first, seen.time) if self.counts else seen.time
        self.newest = max(self.newest, (seen.time, seen.row)) if self.counts else (seen.time, seen.row)
        self.severity = max(self.severity, seen.severity)
        self.counts[seen.revision] += 1

    def absorb(self, other: _Kind) -> None:
        self.first = min(self.first, other.first) if self.counts else other.first
        self.newest = max(self.newest, other.newest) if self.counts else other.newest
        self.severity = max(self.severity, other.severity)
        self.counts.update(other.counts)


class ErrorTally:
    """Counts entries of `least` and worse by kind, a bounded number of kinds: the rarest are let go of first."""

    def __init__(self, names: Names, least: Severity = Severity.ERROR) -> None:
        self._names = names.revision.names
        self._least = least
        self._kinds: dict[Kind, _Kind] = {}
        self._counts: Counter[int] = Counter()
        self._heads: dict[tuple[int, int, int], _Seen] = {}
        self._merges = True
        self._rest = 0

    def take(self, batch: Batch) -> None:
        """Take in the errors among some rows, which had better come in the order of time."""
        segment = batch.segment
        rows = batch.among(segment.severities[batch.rows] >= self._least)
        requests = ((segment.method[rows] != 0) | (segment.statuses[rows] != 0)).tolist()
        columns = (
            segment.flags,
            segment.severities,
            segment.times,
            segment.revision,
            segment.instance,
            segment.log,
        )
        values = zip(*(column[rows].tolist() for column in columns), strict=True)
        texts = batch.raw_texts(rows)
        for row, is_request, text, (flags, severity, time, *place) in zip(
            rows.tolist(), requests, texts, values, strict=True
        ):
            said = text.partition(_ADDED)[2] if is_request else text
            if said:
                trace, key, _ = told(said.replace(_INNER_END, b"\n").decode(errors="replace"), Flag(flags))
                self._saw(_Seen(key, severity, time, batch.base + row, *place), is_traceback=trace)

    def _saw(self, seen: _Seen, *, is_traceback: bool) -> None:
        """Count an error; the line that was logged right before its traceback belongs to it."""
        head = self._heads.pop(seen.place, None)
        if head is not None and not (is_traceback and 0 <= seen.time - head.time <= FOLLOWS_WITHIN):
            self._count(head)
        if is_traceback:
            self._count(seen)
            return
        self._heads[seen.place] = seen
        if len(self._heads) > _MOST_HEADS:
            self._count_heads()

    def _count(self, seen: _Seen) -> None:
        kind = self._kinds.get(seen.key) or self._kinds.setdefault(seen.key, _Kind())
        kind.saw(seen)
        self._counts[seen.revision] += 1

    def _count_heads(self) -> None:
        heads, self._heads = self._heads, {}
        for head in heads.values():
            self._count(head)

    def made_room(self) -> Generator[None, None, None]:
        """Where there are too many kinds: merge them, or, where merging is of no use, let the rarest go."""
        if len(self._kinds) < MOST_KINDS:
            return
        if self._merges:
            self._kinds = yield from _merged(self._kinds)
            self._merges = len(self._kinds) <= MOST_KINDS // 2
        if not self._merges:
            kept = sorted(self._kinds.items(), key=lambda each: (-each[1].counts.total(), each[0]))
            self._rest += sum(kind.counts.total() for _, kind in kept[MOST_KINDS // 2 :])
            self._kinds = dict(kept[: MOST_KINDS // 2])

    def settled(self, pair: Pair | None) -> Generator[None, None, Errors]:
        """Sum up, a kind a step; with `pair`, both of which must have been seen, what is new and what is gone."""
        self._count_heads()
        self._kinds = yield from _merged(self._kinds)
        found = [self._template(key, kind, pair) for key, kind in self._kinds.items()]
        found.sort(key=lambda each: (not each.new, -each.count, each.text, each.frame))
        return Errors(tuple(found), self._counts.total(), self._named(self._counts), self._rest)

    def _template(self, key: Kind, kind: _Kind, pair: Pair | None) -> Template:
        frame, text = key
        counts = self._named(kind.counts)
        held = {name for name, _ in counts}
        return Template(
            text,
            frame,
            Severity(kind.severity),
            kind.counts.total(),
            counts,
            kind.first,
            *kind.newest,
            new=pair is not None and pair.canary in held and pair.stable not in held,
            gone=pair is not None and pair.stable in held and pair.canary not in held,
        )

    def _named(self, counts: Counter[int]) -> ByRevision[int]:
        return tuple(sorted((self._names[number], count) for number, count in counts.items()))


def _merged(kinds: dict[Kind, _Kind]) -> Generator[None, None, dict[Kind, _Kind]]:
    """Kinds whose messages are alike become one.

    Drain never merges over the first word of a line, so the number of the frame belongs to it.
    """
    drain = _drain()
    frames: dict[str, int] = {}
    clusters: dict[int, tuple[LogCluster, str, _Kind]] = {}
    for key in sorted(kinds):
        frame, message = key
        cluster, _ = drain.add_log_message(f"{frames.setdefault(frame, len(frames))}:{message}")
        *_, kind = clusters.setdefault(cluster.cluster_id, (cluster, frame, _Kind()))
        kind.absorb(kinds[key])
        yield
    merged: dict[Kind, _Kind] = {}
    for cluster, frame, kind in clusters.values():
        message = cluster.get_template().partition(":")[2]
        merged.setdefault((frame, message), _Kind()).absorb(kind)
    return merged


def _drain() -> Drain:
    return Drain(
        depth=4,
        sim_th=SIMILAR,
        max_children=MOST_KINDS + 2,
        max_clusters=MOST_KINDS,
        param_str="<*>",
        parametrize_numeric_tokens=False,
    )
