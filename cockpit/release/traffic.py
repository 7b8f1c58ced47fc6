"""Traffic targets and their arithmetic, as Cloud Run and `gcloud run services update-traffic` do it.

A split is a tuple of targets. Percents are whole; those of one split sum to 100. A tag is a target of its own
at 0 percent, or rides on a target that has a percent. An empty split means 100 percent to the latest ready
revision. Nothing here changes a split in place: every function answers a new one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LATEST = ""
LATEST_WORD = "LATEST"

TAG_AND_SERVICE_LENGTH = 46
"""Cloud Run's limit for a tag and its service's name together: they form one DNS label."""

_TAG = re.compile(r"[a-z](?:[a-z0-9-]*[a-z0-9])?")


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


class TrafficError(ValueError):
    """A split that cannot be: one line of what is wrong, and `mend`, one line of what to do."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


def label(revision: str) -> str:
    """The word for a target's revision: its name, or LATEST as gcloud writes it."""
    return revision or LATEST_WORD


def percents(split: Iterable[Target | ServingTarget]) -> dict[str, int]:
    """Percent by revision, several entries of one added up, zeros left out, by name with LATEST last.

    An empty split is 100 percent to LATEST.
    """
    targets = tuple(split)
    if not targets:
        return {LATEST: 100}
    sums: Counter[str] = Counter()
    for target in targets:
        sums[target.revision] += target.percent
    return {name: sums[name] for name in sorted(sums, key=_by_name) if sums[name]}


def tags(split: Iterable[Target | ServingTarget]) -> dict[str, str]:
    """Revision (or LATEST) by tag, by tag's name."""
    return {target.tag: target.revision for target in sorted(split, key=lambda t: t.tag) if target.tag}


def normal(split: Split) -> Split:
    """The same split in one agreed form: a target per percent by name, LATEST last, then a target per tag."""
    shares = tuple(Target(name, percent) for name, percent in percents(split).items())
    return shares + tuple(Target(revision, tag=tag) for tag, revision in tags(split).items())


def same_split(one: Split, other: Split) -> bool:
    """Whether two splits mean the same, whatever their order and however their entries are cut."""
    return normal(one) == normal(other)


def pin(split: Split, latest_ready: str) -> Split:
    """The split with LATEST replaced by the revision it stands for now, if one is known."""
    if not latest_ready:
        return split
    entries = split or (Target(LATEST, 100),)
    return tuple(replace(t, revision=latest_ready) if t.revision == LATEST else t for t in entries)


def is_served(spec: Split, serving: Iterable[ServingTarget], latest_ready: str) -> bool:
    """Whether what serves is what was asked: the same percents and the same tags, LATEST resolved."""
    entries = tuple(serving)
    if not entries:
        return False
    asked = pin(spec, latest_ready)
    return percents(asked) == percents(entries) and tags(asked) == tags(entries)


def shift(split: Split, asked: Mapping[str, int]) -> Split:
    """Give the revisions in `asked` their percents; the others share the rest in proportion to what they have.

    The rest is cut to whole percents; the lost points go out one each, by larger fraction, then smaller percent,
    then name, LATEST last. A revision left with nothing is dropped, its tags stay. Raises TrafficError.
    """
    now = percents(split)
    _check_sum(now)
    _check_asked(asked)
    others = {name: percent for name, percent in now.items() if name not in asked}
    rest = 100 - sum(asked.values())
    if rest and not others:
        raise TrafficError(
            f"the percents add up to {100 - rest}, and no other revision serves that could take the other {rest}",
            "give percents that add up to 100, or name another revision for the rest",
        )
    after = dict(asked) | (_in_proportion(others, rest) if rest else {})
    shares = tuple(Target(name, after[name]) for name in sorted(after, key=_by_name) if after[name])
    return shares + tuple(Target(target.revision, tag=target.tag) for target in split if target.tag)


def promote(split: Split, revision: str) -> Split:
    """Everything to one revision (or LATEST); tags stay."""
    return shift(split, {revision: 100})


def nudge(split: Split, revision: str, points: int) -> Split:
    """Give a revision some points more or less, within 0 and 100; the others give or take in proportion."""
    percent = percents(split).get(revision, 0)
    return shift(split, {revision: min(100, max(0, percent + points))})


def set_tag(split: Split, tag: str, revision: str, *, service: str = "") -> Split:
    """Put a tag on a revision (or LATEST), taking it from wherever it is. Percents stay. Raises TrafficError."""
    check_tag(tag, service)
    return (*_without_tag(split or (Target(LATEST, 100),), tag), Target(revision, tag=tag))


def remove_tag(split: Split, tag: str) -> Split:
    """Take a tag away. Percents stay. Raises TrafficError where there is no such tag."""
    known = tags(split)
    if tag not in known:
        raise TrafficError(
            f"there is no tag {tag!r}",
            f"the tags are {', '.join(known)}" if known else "the service has no tags",
        )
    return _without_tag(split, tag)


def check_tag(tag: str, service: str = "") -> None:
    """Raise TrafficError unless Cloud Run would take `tag` as a tag's name on `service`."""
    if not _TAG.fullmatch(tag):
        raise TrafficError(
            f"{tag!r} cannot be a tag",
            "a tag has lower-case letters, digits and hyphens, begins with a letter and ends with no hyphen",
        )
    if len(tag) + len(service) > TAG_AND_SERVICE_LENGTH:
        raise TrafficError(
            f"the tag {tag!r} is too long for the service {service!r}",
            f"tag and service name together have at most {TAG_AND_SERVICE_LENGTH} characters",
        )


def _by_name(revision: str) -> tuple[bool, str]:
    return revision == LATEST, revision


def _check_sum(now: Mapping[str, int]) -> None:
    total = sum(now.values())
    if total != 100 or any(percent < 0 for percent in now.values()):
        parts = ", ".join(f"{label(name)}={percent}" for name, percent in now.items()) or "nothing"
        raise TrafficError(
            f"the service's own percents ({parts}) add up to {total}, not to 100",
            "give every revision its percent, so that they add up to 100",
        )


def _check_asked(asked: Mapping[str, int]) -> None:
    for name, percent in asked.items():
        if not 0 <= percent <= 100:
            raise TrafficError(f"{label(name)} cannot have {percent} percent", "a percent is between 0 and 100")
    total = sum(asked.values())
    if total > 100:
        raise TrafficError(f"the percents add up to {total}, over 100", f"take away {total - 100}")


def _in_proportion(others: Mapping[str, int], rest: int) -> dict[str, int]:
    pool = sum(others.values())
    # Floats, and fractions compared as 1 - fraction, because gcloud does: exact fractions would hand a tie's point
    # to another revision than gcloud in one case out of a few hundred.
    shares = {name: percent * float(rest) / pool for name, percent in others.items()}
    whole = {name: int(share) for name, share in shares.items()}
    lost = rest - sum(whole.values())
    first = sorted(shares, key=lambda name: (1 - (shares[name] - whole[name]), shares[name], _by_name(name)))
    for name in first[:lost]:
        whole[name] += 1
    return whole


def _without_tag(split: Split, tag: str) -> Split:
    untagged = (replace(target, tag="") if target.tag == tag else target for target in split)
    return tuple(target for target in untagged if target.percent or target.tag)
