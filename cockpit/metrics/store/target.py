"""The labels a scrape's target puts on every series, and what becomes of the same names in the exposition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.labels import labels_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.matchers import Matcher

OURS = frozenset({"service", "revision", "tag", "instance"})
"""Label names that belong to the target, even where it leaves one empty: the app's own become `exported_…`."""


def target_labels(labels: Mapping[str, str]) -> Labels:
    """The target's part of a label set. Raises ValueError for a name that is not the target's to give."""
    if strange := set(labels) - OURS:
        raise ValueError(f"a target has no label {min(strange)!r}: it gives {', '.join(sorted(OURS))}")
    return labels_of(labels)


def attached(target: Labels, exposed: Labels) -> Labels:
    """An exposed label set with the target's, the names of both told apart as Prometheus does by default."""
    if not any(name in OURS for name, _ in exposed):
        return tuple(sorted((*exposed, *target)))
    taken = {name for name, _ in exposed} | OURS
    pairs = [*target]
    for name, value in exposed:
        if name in OURS:
            name = exported(name, taken)  # noqa: PLW2901 (it is the same label by another name)
            taken.add(name)
        pairs.append((name, value))
    return tuple(sorted(pairs))


def exported(name: str, taken: Collection[str]) -> str:
    """The first of `exported_NAME`, `exported_exported_NAME`, … that is free."""
    while name in taken:
        name = f"exported_{name}"
    return name


def detached(labels: Labels) -> Labels:
    """A stored label set without its target's labels."""
    return tuple(pair for pair in labels if pair[0] not in OURS)


def remaining(matchers: tuple[Matcher, ...], target: Labels) -> tuple[Matcher, ...] | None:
    """What the series of a target have still to fulfil; None when the target's own labels fail already."""
    values = dict(target)
    ours = [each for each in matchers if each.name in OURS]
    if not all(each.accepts(values.get(each.name, "")) for each in ours):
        return None
    return tuple(each for each in matchers if each.name not in OURS) if ours else matchers
