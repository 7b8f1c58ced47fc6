"""The JSON of `cockpit logs digest`, by the rules of `as_json`: keys are stable, what is not known is null.

Latencies and durations are seconds, shares numbers from 0 to 1, times RFC 3339 in UTC. Counts by revision are
objects with the full name ("" where entries had none) as key.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.cli import as_json
from cockpit.live.problems import problem_of
from cockpit.logs.digest.facts import facts

if TYPE_CHECKING:
    from cockpit.cli.as_json import Json
    from cockpit.cli.gathering import Gathered
    from cockpit.logs.digest.result import (
        Answers,
        ByRevision,
        Digest,
        Endpoint,
        Fleet,
        Instance,
        Latency,
        Probes,
        Spread,
        Template,
    )

MOST_TEXT = 4_000
"""Characters of an example's text."""


def digest(found: Digest, gathered: Gathered) -> Json:
    """`cockpit logs digest`: service, region, project (null for a file), source (the service, or the file), query
    and since (what was asked for; null is all there is), first and last (of the entries), entries, whole (false:
    older ones are not in it), gaps (places where entries are missing), broken (entries that could not be read),
    problem (why the rest could not be, or null), revisions (entries by revision), stable and canary (what is
    compared, or null), facts (sentences, with tone: bad, odd, plain, good), errors, endpoints, scanners,
    instances."""
    pair = found.compared
    ref = gathered.ref
    return {
        **(as_json.ref(ref) if ref else {"service": None, "region": None, "project": None}),
        "source": gathered.source,
        "query": str(gathered.query) or None,
        "since": when(gathered.since),
        "first": when(found.first),
        "last": when(found.last),
        "entries": found.rows,
        "whole": gathered.whole,
        "gaps": found.gaps,
        "broken": gathered.broken,
        "problem": as_json.problem(problem_of(gathered.trouble)) if gathered.trouble else None,
        "revisions": dict(found.revisions),
        "stable": pair.stable if pair else None,
        "canary": pair.canary if pair else None,
        "facts": [{"tone": fact.tone.value, "text": fact.text} for fact in facts(found, gathered.short)],
        "errors": errors(found, gathered),
        "endpoints": endpoints(found),
        "scanners": scanners(found, gathered),
        "instances": instances(found),
    }


def errors(found: Digest, gathered: Gathered) -> Json:
    """entries, by_revision, rest (entries of kinds that are not told apart), and templates: what is new in the
    canary first, then the most frequent."""
    return {
        "entries": found.errors.count,
        "by_revision": dict(found.errors.by_revision),
        "rest": found.errors.rest,
        "templates": [template(each, gathered) for each in found.errors.templates],
    }


def template(found: Template, gathered: Gathered) -> Json:
    """One kind of error: text (marks like <num> stand for what differs), frame (the innermost of the service's own
    code, or null), severity, count, by_revision, first, last, new (in the canary, never in stable), gone (the
    opposite), example."""
    return {
        "text": found.text,
        "frame": found.frame or None,
        "severity": found.severity.name,
        "count": found.count,
        "by_revision": dict(found.by_revision),
        "first": when(found.first),
        "last": when(found.last),
        "new": found.new,
        "gone": found.gone,
        "example": example(found.example, gathered),
    }


def example(row: int, gathered: Gathered) -> Json:
    """One entry: time, revision, instance, log, text (its beginning)."""
    entry = gathered.store.row(row)
    return {
        "time": when(entry.time),
        "revision": entry.revision or None,
        "instance": entry.instance or None,
        "log": entry.log or None,
        "text": entry.text[:MOST_TEXT],
    }


def endpoints(found: Digest) -> Json:
    """total and by_revision (of all requests), listed (the busiest first), absent (requests to `paths` that were
    never there: 404 and 405 alone), rest (requests to `paths` endpoints, or more, that are not told apart)."""
    told = found.endpoints
    return {
        "total": answers(told.total),
        "by_revision": by_revision(told.by_revision),
        "listed": [endpoint(each) for each in told.listed],
        "absent": {"paths": told.absent_paths, **answers(told.absent)},
        "rest": {"paths": told.rest_paths, **answers(told.rest)},
    }


def endpoint(found: Endpoint) -> Json:
    """method, path (ids and hashes folded), what `answers` has, and the same by_revision."""
    return {
        "method": found.method,
        "path": found.path,
        **answers(found.total),
        "by_revision": by_revision(found.by_revision),
    }


def by_revision(found: ByRevision[Answers]) -> Json:
    """What `answers` has, by revision."""
    return {name: answers(each) for name, each in found}


def answers(found: Answers) -> Json:
    """count, shares (of 2xx, 3xx, 4xx, 5xx, other), latency (null where no request had one)."""
    shares = {f"{hundreds}xx": found.share(hundreds) for hundreds in (2, 3, 4, 5)}
    return {
        "count": found.count,
        "shares": {**shares, "other": found.share(0) + found.share(1)},
        "latency": latency(found.latency) if found.latency else None,
    }


def latency(found: Latency) -> Json:
    """count (of requests that had one), avg, min, p50, p95, p99, max."""
    return {
        "count": found.count,
        "avg": found.average,
        "min": found.minimum,
        "p50": found.p50,
        "p95": found.p95,
        "p99": found.p99,
        "max": found.maximum,
    }


def scanners(found: Digest, gathered: Gathered) -> Json:
    """requests (of scanners), answered (how many were told something else than 4xx), kinds."""
    return {
        "requests": sum(each.count for each in found.probes),
        "answered": sum(each.answered_count for each in found.probes),
        "kinds": [probes(each, gathered) for each in found.probes],
    }


def probes(found: Probes, gathered: Gathered) -> Json:
    """One kind: kind, requests, by_revision, statuses (counts by status; "0" is none), origins (how many, at
    least), most_from (the busiest of them, with requests), answered, and answered_paths: the most frequent of
    them with method, path, status, requests, example."""
    return {
        "kind": found.kind,
        "requests": found.count,
        "by_revision": dict(found.by_revision),
        "statuses": {str(status): count for status, count in found.statuses},
        "origins": found.origin_count,
        "most_from": [{"origin": origin, "requests": count} for origin, count in found.origins],
        "answered": found.answered_count,
        "answered_paths": [
            {
                "method": each.method,
                "path": each.path,
                "status": each.status,
                "requests": each.count,
                "example": example(each.example, gathered),
            }
            for each in found.answered
        ],
    }


def instances(found: Digest) -> Json:
    """by_revision (fleets), listed (instances that started, ended or failed, or raised something; those that ended
    first), rest (how many are not listed)."""
    told = found.instances
    return {
        "by_revision": {name: fleet(each) for name, each in told.by_revision},
        "listed": [instance(each) for each in told.listed],
        "rest": told.rest,
    }


def fleet(found: Fleet) -> Json:
    """The instances of a revision: instances, starts, failed (starts), crashes, restarts, tracebacks, ready_after
    and answered_after (null where no start was seen), components (how many instances announced each)."""
    return {
        "instances": found.instances,
        "starts": found.starts,
        "failed": found.failed,
        "crashes": found.crashes,
        "restarts": found.restarts,
        "tracebacks": found.tracebacks,
        "ready_after": spread(found.ready_after),
        "answered_after": spread(found.answered_after),
        "components": dict(found.components),
    }


def spread(found: Spread | None) -> Json | None:
    """count, min, median, max."""
    if found is None:
        return None
    return {"count": found.count, "min": found.minimum, "median": found.median, "max": found.maximum}


def instance(found: Instance) -> Json:
    """One instance: revision, instance, started, reason (of the start), ready_after (until its probe succeeded),
    answered_after (until its first request was answered), end (how it ended unasked), tracebacks, components."""
    return {
        "revision": found.revision,
        "instance": found.instance,
        "started": when(found.started),
        "reason": found.reason or None,
        "ready_after": found.ready_after,
        "answered_after": found.answered_after,
        "end": found.end or None,
        "tracebacks": found.tracebacks,
        "components": list(found.components),
    }


def when(moment: int | None) -> str | None:
    """Unix nanoseconds as RFC 3339, or null."""
    return None if moment is None else as_json.time(datetime.fromtimestamp(moment / 1e9, UTC))
