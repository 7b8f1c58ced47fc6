"""A digest in plain sentences: what somebody who watches a release wants to hear first."""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from cockpit.logs.digest.result import of
from cockpit.text import duration, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cockpit.logs.digest.result import Answers, Digest, Fleet, Pair, Probes

    NameOf = Callable[[str], str]

_KINDS_NAMED = 4
_STATUSES_NAMED = 3
_COMPONENTS_NAMED = 5


class Tone(Enum):
    """What a fact means to a release."""

    BAD = "bad"
    ODD = "odd"
    PLAIN = "plain"
    GOOD = "good"


class Fact(NamedTuple):
    """One sentence, not cleaned: it may hold what was logged. `example` is the id of a row that shows it."""

    tone: Tone
    text: str
    example: int | None = None


def facts(digest: Digest, name_of: NameOf) -> tuple[Fact, ...]:
    """What there is to say, errors first; `name_of` gives a revision's short name."""
    if not digest.rows:
        return (Fact(Tone.ODD, "no entries: nothing can be said"),)
    parts = (_silent, _errors, _requests, _probes, _instances, _components, _limits)
    return tuple(fact for part in parts for fact in part(digest, name_of))


def counted(count: int, one: str, many: str = "") -> str:
    """A number and its noun: "1 error", "1,204 errors"."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def _silent(digest: Digest, name_of: NameOf) -> Iterator[Fact]:
    """Compared revisions without entries: what is not there says nothing, least of all that all is well."""
    pair = digest.compared
    for name in (pair.stable, pair.canary) if pair else ():
        if not of(digest.revisions, name):
            why = "nothing can be called new" if pair and name == pair.stable else "nothing can be said of it"
            yield Fact(Tone.ODD, f"{name_of(name)} has no entries: {why}")


def _errors(digest: Digest, name_of: NameOf) -> Iterator[Fact]:
    pair, errors = digest.compared, digest.errors
    if pair and of(digest.revisions, pair.stable) and of(digest.revisions, pair.canary):
        new = [each for each in errors.templates if each.new]
        if new:
            kinds = counted(len(new), "error template is", "error templates are")
            never = f"never seen in {counted(of(digest.revisions, pair.stable) or 0, 'entry', 'entries')}"
            most = f", most often “{new[0].text}”" if len(new) > 1 else f": “{new[0].text}”"
            sentence = f"{kinds} new in {name_of(pair.canary)}{most}; {never} of {name_of(pair.stable)}"
            yield Fact(Tone.BAD, sentence, new[0].example)
        else:
            yield Fact(Tone.GOOD, f"no error template is new in {name_of(pair.canary)}")
    if errors.count:
        kinds = counted(len(errors.templates), "kind")
        yield Fact(
            Tone.PLAIN, f"{counted(errors.count, 'error')} of {kinds}{_by(errors.by_revision, pair, name_of)}"
        )
    elif not pair:
        yield Fact(Tone.PLAIN, "no errors")


def _by(counts: Sequence[tuple[str, int]], pair: Pair | None, name_of: NameOf) -> str:
    if pair is None:
        return ""
    parts = (f"{dict(counts).get(name, 0):,} in {name_of(name)}" for name in (pair.stable, pair.canary))
    return f": {', '.join(parts)}"


def _requests(digest: Digest, name_of: NameOf) -> Iterator[Fact]:
    pair, endpoints = digest.compared, digest.endpoints
    if pair is None:
        yield Fact(Tone.PLAIN, _answered(endpoints.total))
        return
    for name in (pair.stable, pair.canary):
        answers = of(endpoints.by_revision, name)
        if answers is not None:
            yield Fact(Tone.PLAIN, f"{name_of(name)}: {_answered(answers)}")
        elif of(digest.revisions, name):
            yield Fact(Tone.ODD, f"{name_of(name)}: no requests")


def _answered(answers: Answers) -> str:
    if not answers.count:
        return "no requests"
    said = f"{counted(answers.count, 'request')}, {percent(100 * answers.share(5), 1)} answered with 5xx"
    latency = answers.latency
    return f"{said}, P95 {milliseconds(latency.p95)}" if latency else said


def milliseconds(seconds: float) -> str:
    """A latency in the unit it is read in: "0.8 ms", "208 ms", "1.2 s"."""
    if seconds >= 9.95:
        return duration(seconds)
    if seconds >= 0.9995:
        return f"{seconds:.2f} s"
    thousandths = 1000 * seconds
    return f"{thousandths:.0f} ms" if thousandths >= 9.95 else f"{thousandths:.1f} ms"


def _probes(digest: Digest, _: NameOf) -> Iterator[Fact]:
    probes = digest.probes
    if not probes:
        return
    count, answered = sum(each.count for each in probes), sum(each.answered_count for each in probes)
    asked = f"{counted(count, 'request')} for {_looked_for(probes)} paths"
    if answered:
        sentence = f"{answered:,} of {asked} {'was' if answered == 1 else 'were'} answered, not turned away"
        yield Fact(Tone.BAD, sentence, next(each.answered[0].example for each in probes if each.answered))
    else:
        yield Fact(Tone.GOOD, f"{asked}, {_statuses(probes)}")


def _looked_for(probes: Sequence[Probes]) -> str:
    kinds = [each.kind for each in probes]
    named = kinds if len(kinds) <= _KINDS_NAMED else kinds[: _KINDS_NAMED - 1]
    if len(named) < len(kinds):
        return f"{', '.join(named)} and {len(kinds) - len(named)} more kinds of"
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _statuses(probes: Sequence[Probes]) -> str:
    counts = Counter[int]()
    for each in probes:
        counts.update(dict(each.statuses))
    unknown = counts.pop(0, 0)
    known = "/".join(map(str, sorted(counts))) if len(counts) <= _STATUSES_NAMED else "4xx"
    return ", ".join(
        filter(None, (f"all {known}" if known else "", f"{unknown:,} without a status" if unknown else ""))
    )


def _instances(digest: Digest, name_of: NameOf) -> Iterator[Fact]:
    for name, fleet in digest.instances.by_revision:
        if fleet.starts or fleet.crashes or fleet.failed:
            tone = Tone.BAD if fleet.crashes or fleet.failed else Tone.PLAIN
            yield Fact(tone, f"{name_of(name)}: {_lived(fleet)}" if name else _lived(fleet))


def _lived(fleet: Fleet) -> str:
    parts = [counted(fleet.starts, "start")]
    parts += [f"{fleet.failed:,} failed"] if fleet.failed else []
    parts += [counted(fleet.crashes, "crash", "crashes")] if fleet.crashes else []
    parts += [counted(fleet.restarts, "restart")] if fleet.restarts else []
    for what, spread in (("ready after", fleet.ready_after), ("first answer after", fleet.answered_after)):
        if spread is not None:
            median = "" if spread.count == 1 else f" (median of {spread.count})"
            parts.append(f"{what} {duration(spread.median)}{median}")
    return ", ".join(parts)


def _components(digest: Digest, name_of: NameOf) -> Iterator[Fact]:
    """Components that are heard of when stable starts and not when the canary does."""
    pair = digest.compared
    if pair is None:
        return
    stable, canary = (of(digest.instances.by_revision, name) for name in (pair.stable, pair.canary))
    if stable is None or canary is None or not stable.starts or not canary.starts:
        return
    heard = {name for name, _ in canary.components}
    missing = [name for name, _ in stable.components if name not in heard]
    if missing:
        more = f" and {len(missing) - _COMPONENTS_NAMED} more" if len(missing) > _COMPONENTS_NAMED else ""
        names = ", ".join(missing[:_COMPONENTS_NAMED])
        yield Fact(
            Tone.ODD, f"announced in {name_of(pair.stable)} and not in {name_of(pair.canary)}: {names}{more}"
        )


def _limits(digest: Digest, _: NameOf) -> Iterator[Fact]:
    """What the digest does not have."""
    if digest.gaps:
        places = counted(digest.gaps, "place")
        yield Fact(Tone.ODD, f"entries are missing in {places}: the log has gaps")
    if digest.errors.rest:
        yield Fact(Tone.ODD, f"{counted(digest.errors.rest, 'error')} of rare kinds are not told apart")
    if digest.endpoints.rest.count:
        requests = counted(digest.endpoints.rest.count, "request")
        yield Fact(
            Tone.ODD,
            f"{requests} to more than {digest.endpoints.rest_paths:,} further endpoints are not told apart",
        )
