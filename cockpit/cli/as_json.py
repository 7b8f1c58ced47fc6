"""The JSON that `--json` prints. Keys are stable: they may be added to, never renamed or dropped.

Percents are whole numbers of 100, ages and durations seconds, times RFC 3339 in UTC, digests and names as the API
has them. What is not known is null. A target's revision is its full name, or "LATEST" where it follows the newest
ready one. Whatever goes wrong is `{"error": {"kind", "message", "mend"}}` and an exit code; where
somebody else wrote in between, `error` has `sides` too, and `position` where the fault has a place in an
expression. The commands on metrics have theirs in `as_json_metrics.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.release.plan import gcloud, undo, warnings
from cockpit.release.state import age, revision_tag, short_digest, short_name, standing, time_to_ready
from cockpit.release.traffic import is_served, label, percents, tags

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.live.snapshot import Change, Problem, Sides, Snapshot
    from cockpit.release.observed import Observed
    from cockpit.release.plan import Plan
    from cockpit.release.service import Condition, Revision, Service, ServiceRef
    from cockpit.release.traffic import ServingTarget, Split

Json = dict[str, Any]


def status(snapshot: Snapshot, service: Service) -> Json:
    """`cockpit status`: who it is (service, region, project, uri), how it stands (generation, observed_generation,
    reconciling, serving_is_asked), its three splits (spec, serving, observed), revisions, latest_ready,
    latest_created, under_way (a change or null), problems, and age: seconds since the service was read."""
    feed = snapshot.feed("service")
    return {
        **ref(service.ref),
        "uri": service.uri,
        "generation": service.generation,
        "observed_generation": service.observed_generation,
        "reconciling": service.reconciling,
        "serving_is_asked": is_served(service.spec, service.serving, service.latest_ready),
        "spec": split(service.spec),
        "serving": serving(service.serving),
        "observed": observed(snapshot.observed),
        "revisions": [revision(each, snapshot, service) for each in snapshot.revisions],
        "latest_ready": service.latest_ready,
        "latest_created": service.latest_created,
        "last_modifier": service.last_modifier,
        "under_way": change(snapshot.change) if snapshot.change and not snapshot.change.outcome else None,
        "problems": [problem(each.problem) | {"feed": each.name} for each in snapshot.feeds if each.problem]
        + [problem(each) | {"feed": None} for each in snapshot.notices],
        "age": feed.age(snapshot.at) if feed else None,
    }


def revisions(snapshot: Snapshot, service: Service) -> Json:
    """`cockpit revisions`: service, region, project, and revisions, newest first."""
    return {**ref(service.ref), "revisions": [revision(each, snapshot, service) for each in snapshot.revisions]}


def services(project: str, region: str, found: tuple[Service, ...]) -> Json:
    """`cockpit services`: project, region, and services by name, each with its splits and who wrote it last."""
    rows = [
        {
            **ref(each.ref),
            "uri": each.uri,
            "generation": each.generation,
            "reconciling": each.reconciling,
            "serving_is_asked": is_served(each.spec, each.serving, each.latest_ready),
            "spec": split(each.spec),
            "serving": serving(each.serving),
            "last_modifier": each.last_modifier,
            "updated": time(each.updated),
        }
        for each in found
    ]
    return {"project": project, "region": region, "services": rows}


def tags_of(service: Service) -> Json:
    """`cockpit tag` without a change: service, region, project, and tags with tag, revision, url."""
    urls = {each.tag: each.uri for each in service.serving if each.tag}
    rows = [
        {"tag": tag, "revision": label(name), "url": urls.get(tag)} for tag, name in tags(service.spec).items()
    ]
    return {**ref(service.ref), "tags": rows}


def plan(made: Plan, snapshot: Snapshot) -> Json:
    """`cockpit plan`, and `plan` of every change: service, region, project, intent, generation, before, after,
    gains (revision, before, after, points), warnings, gcloud and undo (commands), changes (false: none)."""
    return {
        **ref(made.ref),
        "intent": made.intent.value,
        "generation": made.generation,
        "before": split(made.before),
        "after": split(made.after),
        "gains": [
            {"revision": label(each.revision), "before": each.before, "after": each.after, "points": each.points}
            for each in made.gains
        ],
        "warnings": list(warnings(made, snapshot.revisions)),
        "gcloud": gcloud(made),
        "undo": gcloud(undo(made)),
        "changes": not made.empty,
    }


def change(made: Change) -> Json:
    """One change of `cockpit history`, and the answer of `shift`, `rollback`, `undo` and `tag`: id (null for one
    that never reached the journal), service, region, project, intent, actor, started, before, after, phase,
    outcome (applied, refused, failed, overtaken, unknown; null while under way), problem, sides, operation,
    generation, generation_after, time_to_serving."""
    return {
        "id": made.id or None,
        **ref(made.ref),
        "intent": made.intent.value,
        "actor": made.actor,
        "started": time(made.started),
        "before": split(made.before),
        "after": split(made.after),
        "phase": made.phase.value,
        "outcome": made.outcome.value if made.outcome else None,
        "problem": problem(made.problem) if made.problem else None,
        "sides": sides(made.sides) if made.sides else None,
        "operation": made.operation,
        "generation": made.generation,
        "generation_after": made.generation_after or None,
        "time_to_serving": made.time_to_serving,
    }


def sides(found: Sides) -> Json:
    """Somebody else's write in between: planned_from, asked and found (splits), and found_generation,
    found_modifier."""
    return {
        "planned_from": split(found.planned_from),
        "asked": split(found.asked),
        "found": split(found.found),
        "found_generation": found.found_generation,
        "found_modifier": found.found_modifier,
    }


def split(targets: Split) -> list[Json]:
    """Targets as asked: revision, percent, tag (null for none). An empty list is 100 percent to LATEST."""
    return [
        {"revision": label(each.revision), "percent": each.percent, "tag": each.tag or None} for each in targets
    ]


def serving(targets: tuple[ServingTarget, ...]) -> list[Json]:
    """Targets as served: revision (resolved), percent, tag, uri, latest (whether it follows the newest)."""
    return [
        {
            "revision": each.revision,
            "percent": each.percent,
            "tag": each.tag or None,
            "uri": each.uri or None,
            "latest": each.latest,
        }
        for each in targets
    ]


def observed(seen: Observed | None) -> Json | None:
    """The last window of the request log: window_seconds, requests (by the service's URL), and revisions with
    requests, percent, tagged_requests, errors, instances; null while the log cannot be read."""
    if seen is None:
        return None
    names = sorted({name for name, _ in (*seen.by_revision, *seen.tagged)})
    untagged, tagged, errors = dict(seen.by_revision), dict(seen.tagged), dict(seen.errors)
    rows = [
        {
            "revision": name,
            "requests": untagged.get(name, 0),
            "percent": seen.share(name),
            "tagged_requests": tagged.get(name, 0),
            "errors": errors.get(name, 0),
            "instances": seen.instances_of(name),
        }
        for name in names
    ]
    return {"window_seconds": seen.window, "requests": seen.total, "revisions": rows}


def revision(found: Revision, snapshot: Snapshot, service: Service) -> Json:
    """One revision: name, short_name, state, why, asked and serving (percent), tags, created, age, time_to_ready,
    image, image_tag, digest, instances (null where the log cannot be read), creator, conditions."""
    stands = standing(found, service.serving)
    image = found.template.image
    asked = percents(service.spec)
    seen = snapshot.observed
    return {
        "name": found.name,
        "short_name": short_name(found.name, service.ref.service),
        "state": stands.state.value,
        "why": stands.why or None,
        "asked": asked.get(found.name, 0) + (asked.get("", 0) if found.name == service.latest_ready else 0),
        "serving": percents(service.serving).get(found.name, 0),
        "tags": sorted({tag for tag, name in tags(service.serving).items() if name == found.name}),
        "created": time(found.created),
        "age": age(found.created, snapshot.wall),
        "time_to_ready": time_to_ready(found),
        "image": image,
        "image_tag": revision_tag(found, service) or None,
        "digest": short_digest(image) or None,
        "instances": seen.instances_of(found.name) if seen else None,
        "creator": found.creator or None,
        "conditions": [condition(each) for each in found.conditions],
    }


def condition(found: Condition) -> Json:
    """One condition: type, state, reason, message, since."""
    return {
        "type": found.type,
        "state": found.state.value,
        "reason": found.reason or None,
        "message": found.message or None,
        "since": time(found.since),
    }


def problem(found: Problem) -> Json:
    """A problem: kind (stable), message, mend."""
    return {"kind": found.kind, "message": found.text, "mend": found.mend}


def time(moment: datetime | None) -> str | None:
    """RFC 3339, or null."""
    return moment.isoformat() if moment else None


def ref(of: ServiceRef) -> Json:
    """Which service: service, region, project."""
    return {"service": of.service, "region": of.region, "project": of.project}
