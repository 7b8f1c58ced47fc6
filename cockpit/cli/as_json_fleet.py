"""The JSON that `cockpit fleet --json` prints; what holds for all of it stands in `as_json.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.as_json import Json, problem, ref, serving, split, time
from cockpit.release.fleet import canary_of, idle_tags_of, reason_of, state_of

if TYPE_CHECKING:
    from cockpit.live.fleet.picture import Area, FleetPicture
    from cockpit.live.snapshot import Feed
    from cockpit.release.fleet import Member


def fleet(picture: FleetPicture) -> Json:
    """services, the worst first; areas, each with project, region, services (how many), age and problem; requests,
    how the request log of each project stands: project, age and problem; alerts, how the engine stands that knows
    those, or null where none does."""
    return {
        "services": [_member(member) for member in picture.members],
        "areas": [_area(area, picture.at) for area in picture.areas],
        "requests": [{"project": project, **_feed(feed, picture.at)} for project, feed in picture.logs],
        "alerts": None if picture.alerts is None else _feed(picture.alerts, picture.at),
    }


def _member(member: Member) -> Json:
    """state is "succeeded", "failed", "reconciling", "pending" or "unknown"; requests has what the last `window`
    seconds came to, error_share from 0 to 1; canary is the newest revision while it shares the traffic."""
    service, requests, canary = member.service, member.requests, canary_of(member.service)
    return {
        **ref(member.ref),
        "state": state_of(service).value,
        "reason": reason_of(service),
        "spec": split(service.spec),
        "serving": serving(service.serving),
        "canary": None if canary is None else {"revision": canary[0], "percent": canary[1]},
        "tags_without_traffic": list(idle_tags_of(service)),
        "requests": None
        if requests is None
        else {
            "window": requests.window,
            "total": requests.total,
            "errors": requests.errors,
            "error_share": requests.error_share,
        },
        "alerts": member.alerts,
        "last_modifier": service.last_modifier,
        "updated": time(service.updated),
    }


def _area(area: Area, at: float) -> Json:
    return {"project": area.project, "region": area.region, "services": area.services, **_feed(area.feed, at)}


def _feed(feed: Feed, at: float) -> Json:
    return {"age": feed.age(at), "problem": None if feed.problem is None else problem(feed.problem)}
