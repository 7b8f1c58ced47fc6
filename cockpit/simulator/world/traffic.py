"""What a list of traffic targets means: which are allowed, and what they come to once a revision is latest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.simulator.seams import Share
from cockpit.simulator.world.errors import InvalidArgumentError
from cockpit.simulator.world.messages import (
    LATEST,
    REVISION,
    TargetPb,
    TargetStatusPb,
    TrafficTarget,
    TrafficTargetStatus,
)
from cockpit.simulator.world.names import LABEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cockpit.simulator.world.names import Place


def effective(targets: Sequence[TargetPb]) -> Sequence[TargetPb]:
    """The targets, where none at all means everything to the latest ready revision."""
    return targets or [TrafficTarget(type_=LATEST, percent=100)]


def check(service: str, targets: Sequence[TargetPb]) -> None:
    """Raises InvalidArgumentError for a list that no service could be given."""
    for index, target in enumerate(targets):
        _check_target(f"traffic[{index}]", service, target)
    tags = [target.tag for target in targets if target.tag]
    twice = next((tag for tag in tags if tags.count(tag) > 1), None)
    if twice:
        raise InvalidArgumentError("traffic", f"the tag '{twice}' is used more than once")
    total = sum(target.percent for target in targets)
    if targets and total != 100:
        raise InvalidArgumentError("traffic", f"the percents must sum to 100, not {total}")


def _check_target(field: str, service: str, target: TargetPb) -> None:
    if target.type_ not in (LATEST, REVISION):
        raise InvalidArgumentError(f"{field}.type", "must be LATEST or REVISION")
    if target.type_ == LATEST and target.revision:
        raise InvalidArgumentError(f"{field}.revision", "must be empty for a target of type LATEST")
    if target.type_ == REVISION and not LABEL.fullmatch(target.revision):
        raise InvalidArgumentError(f"{field}.revision", f"'{target.revision}' is not the short name of a revision")
    if not 0 <= target.percent <= 100:
        raise InvalidArgumentError(f"{field}.percent", f"must be between 0 and 100, not {target.percent}")
    if target.tag and not LABEL.fullmatch(target.tag):
        raise InvalidArgumentError(
            f"{field}.tag",
            f"'{target.tag}' must begin with a letter, hold only lowercase letters, digits and hyphens, "
            "and must not end with a hyphen",
        )
    if target.tag and len(f"{target.tag}---{service}") > 63:
        raise InvalidArgumentError(f"{field}.tag", f"'{target.tag}' is too long for a host name with '{service}'")


def name_types(targets: Iterable[TargetPb]) -> None:
    """Give a target that names a revision and no type the type it means, in place."""
    for target in targets:
        if target.revision and not target.type_:
            target.type_ = REVISION


def statuses(place: Place, service: str, targets: Iterable[TargetPb]) -> list[TargetStatusPb]:
    """The targets as a service reports them once they serve: one for LATEST carries no revision name."""
    return [
        TrafficTargetStatus(
            type_=target.type_,
            revision=target.revision,
            percent=target.percent,
            tag=target.tag,
            uri=place.url(service, target.tag) if target.tag else "",
        )
        for target in targets
    ]


def shares(targets: Iterable[TargetPb], latest_ready: str) -> tuple[Share, ...]:
    """The targets as the front honours them, LATEST replaced by the revision it means now."""
    return tuple(Share(target.revision or latest_ready, target.percent, target.tag) for target in targets)
