"""Which URLs are scraped, and which two revisions are compared: read off the service and the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.release.traffic import percents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.release.service import Revision, Service


@dataclass(frozen=True, slots=True)
class TargetUrl:
    """One URL to scrape: a tag's, which reaches one revision, or the service's own (both "")."""

    url: str
    tag: str = ""
    revision: str = ""


def target_urls(service: Service) -> tuple[TargetUrl, ...]:
    """The service's URL and those of its tags, without repeats, the service's first."""
    found = [TargetUrl(service.uri)] if service.uri else []
    found += [
        TargetUrl(target.uri, target.tag, target.revision)
        for target in service.serving
        if target.tag and target.uri and target.revision
    ]
    return tuple({target.url: target for target in found}.values())


def compared(service: Service, revisions: Sequence[Revision]) -> tuple[str, str]:
    """The stable revision and the canary, "" where there is none.

    Stable serves the most; among equals the older one is. The canary is the newest other one that serves or
    bears a tag.
    """
    share = percents(service.serving) if service.serving else {}
    born = {revision.name: (revision.created is not None, revision.created) for revision in revisions}
    known = {target.revision for target in service.serving if target.revision and (target.percent or target.tag)}
    order = sorted(known, key=lambda name: (born.get(name, (False, None)), name))
    stable = max(order, key=lambda name: share.get(name, 0), default="")
    others = [name for name in order if name != stable]
    return stable, others[-1] if others else ""
