"""Traffic targets and their arithmetic, as Cloud Run and `gcloud run services update-traffic` do it.

A split is a tuple of targets. Percents are whole; those of one split sum to 100. A tag is a target of its own
at 0 percent, or rides on a target that has a percent. An empty split means 100 percent to the latest ready
revision.
"""

from __future__ import annotations

from dataclasses import dataclass

LATEST = ""


@dataclass(frozen=True, slots=True)
class Target:
    """One entry of a service's traffic. `revision` is a short name, or LATEST for the newest ready one."""

    revision: str
    percent: int = 0
    tag: str = ""


@dataclass(frozen=True, slots=True)
class ServingTarget:
    """One entry of what really serves. LATEST is resolved: `revision` names the revision, `latest` says why."""

    revision: str
    percent: int = 0
    tag: str = ""
    uri: str = ""
    latest: bool = False


Split = tuple[Target, ...]
