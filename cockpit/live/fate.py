"""What became of a write, as one read of the service tells it."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from cockpit.live.snapshot import Sides
from cockpit.release.service import ConditionState
from cockpit.release.state import why
from cockpit.release.traffic import is_served, label, percents, same_split

if TYPE_CHECKING:
    from cockpit.live.snapshot import Change
    from cockpit.release.service import Service
    from cockpit.release.traffic import Split
    from cockpit.sources.cloudrun import OperationState


class Fate(Enum):
    """How a write stands."""

    NOT_THERE = auto()
    TRAVELS = auto()
    SERVES = auto()
    FAILED = auto()
    OVERTAKEN = auto()


def fate(change: Change, service: Service, operation: OperationState | None) -> Fate:
    """Judge by generation, split and, where known, the operation.

    A generation counts what users ask for: one that has not moved means that nothing arrived, one that has moved
    with another split that somebody else wrote after us or in our place. A lower one is another service of the
    same name.
    """
    ended = operation is not None and operation.done
    error = operation.error if operation is not None else ""
    ours = same_split(service.spec, change.after)
    if service.generation < change.generation or (service.generation > change.generation and not ours):
        return Fate.OVERTAKEN
    if ended and error:
        return Fate.FAILED
    if service.generation == change.generation and not (ended and ours):
        return Fate.NOT_THERE
    served = is_served(service.spec, service.serving, service.latest_ready)
    if served and (ended or not service.reconciling):
        return Fate.SERVES
    if operation is None and not service.reconciling and failing(service):
        return Fate.FAILED
    return Fate.TRAVELS


def failing(service: Service) -> str:
    """Why the service does not serve what was asked, in words; "" where no condition says that it failed."""
    if service.observed_generation < service.generation:
        return ""
    failed = [each for each in service.conditions if each.state is ConditionState.FAILED]
    return next((why(each) or each.type for each in failed), "")


def sides(change: Change, service: Service) -> Sides:
    """The three sides of a change that somebody else's write came in between."""
    return Sides(change.before, change.after, service.spec, service.generation, service.last_modifier)


def in_words(split: Split) -> str:
    """A split's percents in one line: "r1=90 r2=10"."""
    return " ".join(f"{label(name)}={percent}" for name, percent in percents(split).items())


def served_in_words(service: Service) -> str:
    """What really serves, in one line."""
    return " ".join(f"{name}={percent}" for name, percent in percents(service.serving).items() if service.serving)
