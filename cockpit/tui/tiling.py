"""Panes side by side and one above the other: a plan of a screen, what of it is in view, and where."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, Union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Set

Plan: TypeAlias = Union[int, "Rows", "Columns", "Stack"]
"""A pane by its number, or several of them."""


class Part(NamedTuple):
    """A part of a row or column, and how much of the room it gets beside the others."""

    share: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class Rows:
    """One above the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Side by side."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """One in the place of the others: the one that had the focus last, at first the first."""

    plans: tuple[Plan, ...]


class Place(NamedTuple):
    """Where something is on the screen, in cells."""

    x: int
    y: int
    width: int
    height: int


def rows(*parts: tuple[int, Plan]) -> Rows:
    """One above the other, each with its share of the height."""
    return Rows(tuple(Part(*part) for part in parts))


def columns(*parts: tuple[int, Plan]) -> Columns:
    """Side by side, each with its share of the width."""
    return Columns(tuple(Part(*part) for part in parts))


def stack(*plans: Plan) -> Stack:
    """One in the place of the others."""
    return Stack(plans)


def panes_of(plan: Plan) -> Iterator[int]:
    """Every pane of a plan, in view or not, in order."""
    if isinstance(plan, int):
        yield plan
    elif isinstance(plan, Stack):
        for each in plan.plans:
            yield from panes_of(each)
    else:
        for part in plan.parts:
            yield from panes_of(part.plan)


def in_view(plan: Plan, recent: Sequence[int], there: Set[int]) -> Plan | None:
    """What of a plan is in view, of panes that are `there`: of each stack the plan with the latest of `recent`.

    `recent` has the pane with the focus first. None where nothing is left.
    """
    if isinstance(plan, int):
        return plan if plan in there else None
    if isinstance(plan, Stack):
        possible = [each for each in plan.plans if not there.isdisjoint(panes_of(each))]
        if not possible:
            return None
        latest = min(possible, key=lambda each: _age(panes_of(each), recent))
        return in_view(latest, recent, there)
    seen = ((part.share, in_view(part.plan, recent, there)) for part in plan.parts)
    parts = tuple(Part(share, left) for share, left in seen if left is not None)
    if len(parts) < 2:
        return parts[0].plan if parts else None
    return type(plan)(parts)


def places(plan: Plan, room: Place) -> Iterator[tuple[int, Place]]:
    """Where each pane of a plan without stacks is: all of the room is given away."""
    if isinstance(plan, int):
        yield plan, room
    elif isinstance(plan, Rows):
        for part, (top, end) in zip(plan.parts, _cut(plan.parts, room.height), strict=True):
            yield from places(part.plan, Place(room.x, room.y + top, room.width, end - top))
    elif isinstance(plan, Columns):
        for part, (left, end) in zip(plan.parts, _cut(plan.parts, room.width), strict=True):
            yield from places(part.plan, Place(room.x + left, room.y, end - left, room.height))


def _age(panes: Iterable[int], recent: Sequence[int]) -> int:
    return min((recent.index(pane) for pane in panes if pane in recent), default=len(recent))


def _cut(parts: Sequence[Part], cells: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each part."""
    shares = [0, *accumulate(part.share for part in parts)]
    return pairwise(cells * share // shares[-1] for share in shares)
