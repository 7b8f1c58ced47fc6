"""A digest as tables for people: errors, endpoints, scanners and instances, those first that want a look."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.cli.output import Styled
from cockpit.logs.digest.facts import Tone, counted, facts, milliseconds
from cockpit.logs.digest.result import of
from cockpit.text import clean, duration, percent, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cockpit.cli.output import Output, Piece
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

    NameOf = Callable[[str], str]

SECOND = 1_000_000_000
_STYLES = {Tone.BAD: "red", Tone.ODD: "yellow", Tone.GOOD: "green", Tone.PLAIN: ""}
_MARKS = {Tone.BAD: "✗", Tone.ODD: "!", Tone.GOOD: "✓", Tone.PLAIN: "·"}
_ERRORS_SHOWN, _ENDPOINTS_SHOWN, _INSTANCES_SHOWN, _COMPONENTS_SHOWN = 20, 30, 10, 6
_FLEETS_SHOWN = 20
_ERROR_CELLS = 100
_SIDE_BY_SIDE = 2
"""Revisions that get a line each; of more, tables have the sum alone."""


def say_digest(output: Output, digest: Digest, name_of: NameOf) -> None:
    """What is most worth knowing in sentences, then the tables."""
    for tone, text in facts(digest, name_of):
        output.say(Styled(f"{_MARKS[tone]} {text}", _STYLES[tone]))
    for part in (_say_errors, _say_endpoints, _say_probes, _say_instances):
        part(output, digest, name_of)


def moment(at: int | None, *, dated: bool = False) -> str:
    """Unix nanoseconds as a time of day in UTC, with its date where that is asked for."""
    if at is None:
        return ""
    found = datetime.fromtimestamp(at // SECOND, UTC)
    return f"{found:%Y-%m-%d %H:%M:%S}" if dated else f"{found:%H:%M:%S}"


def is_long(digest: Digest) -> bool:
    """Whether times of a digest need their date."""
    days = {
        datetime.fromtimestamp(at // SECOND, UTC).date() for at in (digest.first, digest.last) if at is not None
    }
    return len(days) > 1


def _title(output: Output, text: str) -> None:
    output.say()
    output.say(Styled(text, "bold"))


def _more(output: Output, shown: int, count: int, noun: str) -> None:
    if count > shown:
        output.say(Styled(f"… and {counted(count - shown, noun)} more: --json has them", "dim"))


def _say_errors(output: Output, digest: Digest, name_of: NameOf) -> None:
    found, pair, dated = digest.errors.templates, digest.compared, is_long(digest)
    if not found:
        return
    _title(output, "Errors")
    sides = (f"STABLE {name_of(pair.stable)}", f"CANARY {name_of(pair.canary)}") if pair else ("COUNT", "REVISION")
    rows = [_error(each, pair, name_of, dated=dated) for each in found[:_ERRORS_SHOWN]]
    output.table(("", *sides, "FIRST", "LAST", "ERROR", "RAISED IN"), rows, right=(1, 2) if pair else (1,))
    _more(output, _ERRORS_SHOWN, len(found), "kind")


def _error(found: Template, pair: Pair | None, name_of: NameOf, *, dated: bool) -> tuple[Piece, ...]:
    if pair:
        sides = tuple(f"{of(found.by_revision, name) or 0:,}" for name in (pair.stable, pair.canary))
    else:
        names = [name_of(name) for name, _ in found.by_revision]
        sides = (f"{found.count:,}", names[0] if len(names) == 1 else counted(len(names), "revision"))
    mark = Styled("new", "red") if found.new else Styled("gone", "green") if found.gone else ""
    text = shorten(clean(found.text), _ERROR_CELLS)
    times = (moment(found.first, dated=dated), moment(found.last, dated=dated))
    return (mark, *sides, *times, Styled(text, "red") if found.new else text, found.frame)


def _say_endpoints(output: Output, digest: Digest, name_of: NameOf) -> None:
    endpoints = digest.endpoints
    if not endpoints.total.count:
        return
    _title(output, "Endpoints")
    head = ("METHOD", "PATH", "REVISION", "REQUESTS", "2XX", "3XX", "4XX", "5XX")
    rows = [row for each in endpoints.listed[:_ENDPOINTS_SHOWN] for row in _endpoint(each, digest, name_of)]
    for count, words, answers in (
        (endpoints.absent_paths, "{} that {} never there", endpoints.absent),
        (endpoints.rest_paths, "{} beyond those told apart", endpoints.rest),
    ):
        if answers.count:
            said = words.format(counted(count, "path"), "was" if count == 1 else "were")
            rows.append(_answered("", Styled(said, "dim"), "", answers))
    rows.append(_answered("", Styled("all requests", "bold"), "", endpoints.total))
    output.table((*head, "AVG", "MIN", "P50", "P95", "P99", "MAX"), rows, right=range(3, 14))
    _more(output, _ENDPOINTS_SHOWN, len(endpoints.listed), "endpoint")


def _endpoint(found: Endpoint, digest: Digest, name_of: NameOf) -> Iterator[tuple[Piece, ...]]:
    if len(digest.revisions) > _SIDE_BY_SIDE:
        yield _answered(found.method, found.path, "", found.total)
        return
    method, path = found.method, found.path
    for name, _ in digest.revisions:
        answers = of(found.by_revision, name)
        if answers is not None:
            yield _answered(method, path, name_of(name), answers)
            method = path = ""


def _answered(method: str, path: Piece, revision: str, answers: Answers) -> tuple[Piece, ...]:
    *shares, failed = (_share(answers, hundreds) for hundreds in (2, 3, 4, 5))
    found = answers.latency
    times = (found.average, found.minimum, found.p50, found.p95, found.p99, found.maximum) if found else ()
    latencies = tuple(map(milliseconds, times)) or ("",) * 6
    return (method, path, revision, f"{answers.count:,}", *shares, Styled(failed, "red"), *latencies)


def _share(answers: Answers, hundreds: int) -> str:
    return percent(100 * answers.share(hundreds), 1) if answers.classes[hundreds] else ""


def _say_probes(output: Output, digest: Digest, name_of: NameOf) -> None:
    if not digest.probes:
        return
    _title(output, "Scanners")
    shown = digest.revisions if len(digest.revisions) == _SIDE_BY_SIDE else ()
    names = [name for name, _ in shown]
    head = ("LOOKED FOR", "REQUESTS", *map(name_of, names), "TOLD", "ORIGINS", "MOST FROM", "ANSWERED")
    rows = [_probe(each, names) for each in digest.probes]
    output.table(head, rows, right=(*range(1, 2 + len(names)), 3 + len(names)))


def _probe(found: Probes, names: Sequence[str]) -> tuple[Piece, ...]:
    told = ", ".join(f"{status or 'nothing'} × {count:,}" for status, count in found.statuses)
    answered = [f"{each.method} {each.path} {each.status} × {each.count:,}" for each in found.answered[:2]]
    if found.answered_count and len(found.answered) > len(answered):
        answered.append("…")
    return (
        found.kind,
        f"{found.count:,}",
        *(f"{of(found.by_revision, name) or 0:,}" for name in names),
        told,
        f"{found.origin_count:,}",
        f"{found.origins[0][0]} × {found.origins[0][1]:,}" if found.origins else "",
        Styled(", ".join(answered), "red"),
    )


def _say_instances(output: Output, digest: Digest, name_of: NameOf) -> None:
    fleets = digest.instances.by_revision
    if not any(fleet.instances for _, fleet in fleets):
        return
    _title(output, "Instances")
    head = (
        "REVISION",
        "INSTANCES",
        "STARTS",
        "FAILED",
        "CRASHES",
        "RESTARTS",
        "READY AFTER",
        "FIRST ANSWER AFTER",
    )
    rows = [_fleet(name_of(name), fleet) for name, fleet in fleets[:_FLEETS_SHOWN]]
    output.table((*head, "TRACEBACKS", "COMPONENTS"), rows, right=(1, 2, 3, 4, 5, 8))
    _more(output, _FLEETS_SHOWN, len(fleets), "revision")
    told = [each for each in digest.instances.listed if each.end or each.tracebacks]
    if told:
        output.say()
        head = (
            "INSTANCE",
            "REVISION",
            "STARTED",
            "WHY",
            "READY AFTER",
            "FIRST ANSWER AFTER",
            "ENDED",
            "TRACEBACKS",
        )
        dated = is_long(digest)
        rows = [_instance(each, name_of, dated=dated) for each in told[:_INSTANCES_SHOWN]]
        output.table(head, rows, right=(4, 5, 7))
        _more(output, _INSTANCES_SHOWN, len(told), "instance")


def _fleet(name: str, fleet: Fleet) -> tuple[Piece, ...]:
    components = [f"{each} × {count}" for each, count in fleet.components[:_COMPONENTS_SHOWN]]
    more = ["…"] if len(fleet.components) > _COMPONENTS_SHOWN else []
    return (
        name,
        f"{fleet.instances:,}",
        f"{fleet.starts:,}" if fleet.starts else "",
        Styled(f"{fleet.failed:,}" if fleet.failed else "", "red"),
        Styled(f"{fleet.crashes:,}" if fleet.crashes else "", "red"),
        f"{fleet.restarts:,}" if fleet.restarts else "",
        _spread(fleet.ready_after),
        _spread(fleet.answered_after),
        f"{fleet.tracebacks:,}" if fleet.tracebacks else "",
        ", ".join([*components, *more]),
    )


def _spread(found: Spread | None) -> str:
    if found is None:
        return ""
    if found.count == 1:
        return duration(found.median)
    return f"{duration(found.median)} ({duration(found.minimum)} – {duration(found.maximum)})"


def _instance(found: Instance, name_of: NameOf, *, dated: bool) -> tuple[Piece, ...]:
    return (
        f"…{found.instance[-8:]}" if len(found.instance) > 12 else found.instance,
        name_of(found.revision),
        moment(found.started, dated=dated),
        found.reason,
        duration(found.ready_after),
        duration(found.answered_after),
        Styled(found.end, "red"),
        f"{found.tracebacks:,}" if found.tracebacks else "",
    )
