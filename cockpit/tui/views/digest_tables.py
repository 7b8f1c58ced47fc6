"""A digest as tables, each cell a text with a role: for a screen as for a command's output."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from cockpit.logs.digest.facts import counted, milliseconds
from cockpit.logs.digest.result import of
from cockpit.logs.moment import SECOND
from cockpit.text import clean, duration, percent, shorten
from cockpit.tui.lines import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import tzinfo

    from cockpit.logs.digest.result import (
        Answers,
        Digest,
        Endpoint,
        Fleet,
        Instance,
        Pair,
        Probes,
        Spread,
        Template,
    )

_ERRORS, _ENDPOINTS, _FLEETS, _INSTANCES, _COMPONENTS = 20, 30, 20, 10, 6
"""How many are shown of each."""
_ERROR_CELLS = 100
_INSTANCE_CELLS = 8
_ANSWERED = ("REQUESTS", "2XX", "3XX", "4XX", "5XX", "AVG", "MIN", "P50", "P95", "P99", "MAX")
_ENDPOINT_HEAD = ("METHOD", "PATH", "REVISION", *_ANSWERED)
_LIVED = ("STARTS", "FAILED", "CRASHES", "RESTARTS")
_LATE = ("READY AFTER", "FIRST ANSWER AFTER")
_FLEET_HEAD = ("REVISION", "INSTANCES", *_LIVED, *_LATE, "TRACEBACKS", "COMPONENTS")
_INSTANCE_HEAD = ("INSTANCE", "REVISION", "STARTED", "WHY", *_LATE, "ENDED", "TRACEBACKS")
_SIDE_BY_SIDE = 2
"""Revisions that get a line each; of more, tables have the sum alone."""


class Table(NamedTuple):
    """Clean cells in columns, those of `right` set to the right; `more` says what is left out, "" for nothing.

    `examples` has the id of a row of the store for each row of the table, None where it stands for no one entry;
    it is empty where none does.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Span, ...], ...]
    right: frozenset[int]
    more: str = ""
    examples: tuple[int | None, ...] = ()


class Tables:
    """Makes the tables of a digest: revisions are named by `name_of`, times are of `zone`."""

    def __init__(self, digest: Digest, name_of: Callable[[str], str], zone: tzinfo = UTC) -> None:
        self._digest = digest
        self._name_of = name_of
        self._zone = zone
        self._dated = len({self._local(at).date() for at in (digest.first, digest.last) if at is not None}) > 1

    def all(self) -> tuple[Table, ...]:
        """Those that have rows."""
        made = (self.errors(), self.endpoints(), self.probes(), self.fleets(), self.instances())
        return tuple(table for table in made if table.rows)

    def moment(self, at: int | None, *, dated: bool | None = None) -> str:
        """Unix nanoseconds as a time of day, with its date where the digest is of several days or as asked."""
        if at is None:
            return ""
        form = "%Y-%m-%d %H:%M:%S" if (self._dated if dated is None else dated) else "%H:%M:%S"
        return self._local(at).strftime(form)

    def errors(self) -> Table:
        """Kinds of errors, what is new first; side by side where two revisions are compared."""
        found, pair = self._digest.errors.templates, self._digest.compared
        sides = (f"STABLE {self._name(pair.stable)}", f"CANARY {self._name(pair.canary)}") if pair else ()
        head = ("", *(sides or ("COUNT", "REVISION")), "FIRST", "LAST", "ERROR", "RAISED IN")
        rows = tuple(self._error(each, pair) for each in found[:_ERRORS])
        right, more = frozenset((1, 2) if pair else (1,)), _more(_ERRORS, len(found), "kind")
        return Table("Errors", head, rows, right, more, tuple(each.example for each in found[:_ERRORS]))

    def endpoints(self) -> Table:
        """Endpoints, the busiest first: how they were answered, and how fast."""
        told = self._digest.endpoints
        rows = [row for each in told.listed[:_ENDPOINTS] for row in self._endpoint(each)]
        if told.absent.count:
            paths = counted(told.absent_paths, "path that was", "paths that were")
            rows.append(_answered("", Span(f"{paths} never there", "muted"), "", told.absent))
        if told.rest.count:
            rows.append(_answered("", Span("paths beyond those told apart", "muted"), "", told.rest))
        if told.total.count:
            rows.append(_answered("", Span("all requests", "bold"), "", told.total))
        more = _more(_ENDPOINTS, len(told.listed), "endpoint")
        return Table("Endpoints", _ENDPOINT_HEAD, tuple(rows), frozenset(range(3, 14)), more)

    def probes(self) -> Table:
        """Scanners, by what they looked for."""
        names = [name for name, _ in self._digest.revisions]
        names = names if len(names) == _SIDE_BY_SIDE else []
        head = ("LOOKED FOR", "REQUESTS", *map(self._name, names), "TOLD", "ORIGINS", "MOST FROM", "ANSWERED")
        rows = tuple(_probe(each, names) for each in self._digest.probes)
        right = frozenset((*range(1, 2 + len(names)), 3 + len(names)))
        examples = tuple(each.answered[0].example if each.answered else None for each in self._digest.probes)
        return Table("Scanners", head, rows, right, examples=examples)

    def fleets(self) -> Table:
        """The instances of each revision in sum."""
        fleets = [(name, fleet) for name, fleet in self._digest.instances.by_revision if fleet.instances]
        rows = tuple(_fleet(self._name(name), fleet) for name, fleet in fleets[:_FLEETS])
        more = _more(_FLEETS, len(fleets), "revision")
        return Table("Instances", _FLEET_HEAD, rows, frozenset((1, 2, 3, 4, 5, 8)), more)

    def instances(self) -> Table:
        """Instances that ended unasked, failed, or raised something."""
        told = [each for each in self._digest.instances.listed if each.end or each.tracebacks]
        rows = tuple(self._instance(each) for each in told[:_INSTANCES])
        more = _more(_INSTANCES, len(told), "instance")
        return Table("Instances in trouble", _INSTANCE_HEAD, rows, frozenset((4, 5, 7)), more)

    def _local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at // SECOND, self._zone)

    def _name(self, revision: str) -> str:
        return clean(self._name_of(revision))

    def _error(self, found: Template, pair: Pair | None) -> tuple[Span, ...]:
        if pair:
            sides = tuple(f"{of(found.by_revision, name) or 0:,}" for name in (pair.stable, pair.canary))
        else:
            names = [self._name(name) for name, _ in found.by_revision]
            sides = (f"{found.count:,}", names[0] if len(names) == 1 else counted(len(names), "revision"))
        role = "bad" if found.new else "good" if found.gone else ""
        return (
            Span("new" if found.new else "gone" if found.gone else "", role),
            *map(Span, (*sides, self.moment(found.first), self.moment(found.last))),
            Span(shorten(clean(found.text), _ERROR_CELLS), "bad" if found.new else ""),
            Span(clean(found.frame)),
        )

    def _endpoint(self, found: Endpoint) -> Iterator[tuple[Span, ...]]:
        method, path = clean(found.method), Span(clean(found.path))
        if len(self._digest.revisions) > _SIDE_BY_SIDE:
            yield _answered(method, path, "", found.total)
            return
        for name, _ in self._digest.revisions:
            answers = of(found.by_revision, name)
            if answers is not None:
                yield _answered(method, path, self._name(name), answers)
                method, path = "", Span("")

    def _instance(self, found: Instance) -> tuple[Span, ...]:
        name = clean(found.instance)
        return (
            Span(f"…{name[-_INSTANCE_CELLS:]}" if len(name) > _INSTANCE_CELLS + 1 else name),
            Span(self._name(found.revision)),
            Span(self.moment(found.started)),
            Span(clean(found.reason)),
            Span(duration(found.ready_after)),
            Span(duration(found.answered_after)),
            Span(clean(found.end), "bad"),
            Span(_number(found.tracebacks)),
        )


def _more(shown: int, count: int, noun: str) -> str:
    return f"… and {counted(count - shown, noun)} more" if count > shown else ""


def _number(count: int) -> str:
    return f"{count:,}" if count else ""


def _answered(method: str, path: Span, revision: str, answers: Answers) -> tuple[Span, ...]:
    *shares, failed = (_share(answers, hundreds) for hundreds in (2, 3, 4, 5))
    found = answers.latency
    times = (found.average, found.minimum, found.p50, found.p95, found.p99, found.maximum) if found else ()
    latencies = tuple(map(milliseconds, times)) or ("",) * 6
    before = (Span(method), path, *map(Span, (revision, f"{answers.count:,}", *shares)))
    return (*before, Span(failed, "bad"), *map(Span, latencies))


def _share(answers: Answers, hundreds: int) -> str:
    return percent(100 * answers.share(hundreds), 1) if answers.classes[hundreds] else ""


def _probe(found: Probes, names: Sequence[str]) -> tuple[Span, ...]:
    told = ", ".join(f"{status or 'nothing'} × {count:,}" for status, count in found.statuses)
    answered = [f"{each.method} {each.path} {each.status} × {each.count:,}" for each in found.answered[:2]]
    if len(found.answered) > len(answered):
        answered.append("…")
    return (
        Span(found.kind),
        Span(f"{found.count:,}"),
        *(Span(f"{of(found.by_revision, name) or 0:,}") for name in names),
        Span(told),
        Span(f"{found.origin_count:,}"),
        Span(clean(f"{found.origins[0][0]} × {found.origins[0][1]:,}" if found.origins else "")),
        Span(clean(", ".join(answered)), "bad"),
    )


def _fleet(name: str, fleet: Fleet) -> tuple[Span, ...]:
    components = [f"{clean(each)} × {count}" for each, count in fleet.components[:_COMPONENTS]]
    more = ["…"] if len(fleet.components) > _COMPONENTS else []
    return (
        Span(name),
        Span(f"{fleet.instances:,}"),
        Span(_number(fleet.starts)),
        Span(_number(fleet.failed), "bad"),
        Span(_number(fleet.crashes), "bad"),
        Span(_number(fleet.restarts)),
        Span(_spread(fleet.ready_after)),
        Span(_spread(fleet.answered_after)),
        Span(_number(fleet.tracebacks)),
        Span(", ".join([*components, *more])),
    )


def _spread(found: Spread | None) -> str:
    if found is None:
        return ""
    if found.count == 1:
        return duration(found.median)
    return f"{duration(found.median)} ({duration(found.minimum)} – {duration(found.maximum)})"
