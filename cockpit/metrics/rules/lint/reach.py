"""Rules that can never fire, told from the series there are: what they read is not there, or never matches."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from cockpit.metrics.labels import NAME, only
from cockpit.metrics.matchers import Op
from cockpit.metrics.promql.describe import nodes
from cockpit.metrics.promql.nodes import SET_OPERATORS, Binary, Call, Node, VectorSelector, children
from cockpit.metrics.promql.written import written
from cockpit.metrics.rules.findings import Finding, Severity
from cockpit.metrics.rules.lint.flow import label_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.matchers import Matcher
    from cockpit.metrics.rules.lint.flow import Flow
    from cockpit.metrics.rules.model import Rule

_SHOWN = 5
_MOST_COMPARED = 20_000
"""Words that one is compared with to guess what was meant: a second, where all of them are much alike."""


def unreachable(rule: Rule, tree: Node, flow: Flow) -> Iterator[Finding]:
    """Why a rule can never answer anything; the same things as warnings where a part of it alone is concerned."""
    dead = flow.sets(tree) == frozenset()
    severity = Severity.ERROR if dead else Severity.WARNING
    never = "never fires: " if dead else ""
    for code, message, mend in unmet(tree, flow):
        yield Finding(severity, code, rule.place, never + message, mend, rule.name)
    for selector in dict.fromkeys(_wanted(tree)):
        if selector.name and flow.selected(selector) is None and not flow.is_made(selector.name):
            message = f"{selector.name} has no series yet: nothing was counted so far"
            mend = "until it has, the rule answers nothing for it"
            yield Finding(Severity.INFO, "no-series", rule.place, message, mend, rule.name)


def unmet(tree: Node, flow: Flow) -> Iterator[tuple[str, str, str]]:
    """Code, message and mend of whatever an expression reads that is not there, or joins that never matches."""
    for selector in dict.fromkeys(_wanted(tree)):
        if flow.selected(selector) == frozenset():
            yield _nothing_selected(selector, flow)
    for join in nodes(tree):
        if isinstance(join, Binary) and join.matching and join.operator not in ("or", "unless"):
            yield from (("no-match", *said) for said in _strangers(join, flow))


def _wanted(tree: Node) -> Iterator[VectorSelector]:
    """The selectors that should find something: not those that are asked to be absent, or taken away."""
    if isinstance(tree, Call) and tree.function.startswith("absent"):
        return
    if isinstance(tree, VectorSelector):
        yield tree
    elif isinstance(tree, Binary) and tree.operator == "unless":
        yield from _wanted(tree.left)
    else:
        for child in children(tree):
            yield from _wanted(child)


def _nothing_selected(selector: VectorSelector, flow: Flow) -> tuple[str, str, str]:
    """Code, message and mend for a selector that finds no series."""
    name = selector.name
    every = flow.known.sets(name)
    if not every:
        close = _closest(name, flow.known.names)
        mend = f"did you mean {close}?" if close else "check its spelling, and whether the service exposes it"
        return "no-metric", f"there is no metric {name}", mend
    tested = [each for each in selector.matchers if each.name not in flow.known.added | {NAME}]
    for matcher in tested:
        if not any(matcher.matches(labels) for labels in every):
            return _no_value(name, matcher, every, flow)
    return "no-series", f"no series of {name} meets {written(selector)} as a whole", "drop a label"


def _no_value(name: str, matcher: Matcher, every: Collection[Labels], flow: Flow) -> tuple[str, str, str]:
    labels = _told(every, flow)
    condition = f"{matcher.name}{matcher.op.value}{matcher.value!r}"
    if matcher.name not in labels:
        close = _closest(matcher.name, labels)
        mend = f"did you mean {close}?" if close else f"it has: {_listed(labels)}"
        return "no-label", f"{name} has no label {matcher.name}", mend
    values = {value for each in every for label, value in each if label == matcher.name}
    close = _closest(matcher.value, values) if matcher.op is Op.EQUAL else ""
    mend = f"did you mean {close!r}?" if close else f"it has: {_listed(values)}"
    return "no-value", f"no series of {name} has {condition}", mend


def _closest(word: str, words: Collection[str]) -> str:
    """The word that was probably meant, "" where none is like it, or too many are there to tell."""
    like = difflib.get_close_matches(word, words, 1, 0.7) if len(words) <= _MOST_COMPARED else []
    return like[0] if like else ""


def _listed(words: Iterable[str]) -> str:
    ordered = sorted(word for word in words if word)
    more = f" and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else ""
    return f"{', '.join(ordered[:_SHOWN])}{more}" if ordered else "no labels"


def _strangers(join: Binary, flow: Flow) -> Iterator[tuple[str, str]]:
    """Message and mend for two sides of an operator of which no series belong together."""
    left, right = flow.sets(join.left), flow.sets(join.right)
    keys, others = flow.partners(join)
    if not left or not right or keys is None or others is None or keys & others:
        return
    names, other_names = _told(left, flow), _told(right, flow)
    message = (
        f"the two sides of {join.operator} share no label set: "
        f"{written(join.left)} has {_braced(names)}, {written(join.right)} has {_braced(other_names)}"
    )
    yield message, _mend(join, left, right, flow)


def _mend(join: Binary, left: Collection[Labels], right: Collection[Labels], flow: Flow) -> str:
    common = sorted(label_names(left) & label_names(right) - flow.known.added)
    shared = {only(labels, common) for labels in left} & {only(labels, common) for labels in right}
    if not shared:
        different = next((name for name in common if not _values(left, name) & _values(right, name)), "")
        return (
            f"no value of {different} is on both sides" if different else "no series of both sides belong together"
        )
    extra, other_extra = label_names(left) - label_names(right), label_names(right) - label_names(left)
    if join.operator in SET_OPERATORS:
        return f"write {join.operator} on ({', '.join(common)})"
    kept = [*common, *(["revision"] if "revision" in flow.known.added else [])]
    by = f"sum by ({', '.join(kept)})" if kept else "sum"
    mend = f"{by} ({written(join.left)}) {join.operator} {by} ({written(join.right)})"
    if (join.matching and join.matching.labels) or bool(extra) is bool(other_extra):
        return mend
    side = "left" if extra else "right"
    also = f"ignoring ({', '.join(sorted(extra or other_extra))}) group_{side}"
    return f"{mend}, or for each apart {join.operator} {also}"


def _told(sets: Collection[Labels], flow: Flow) -> frozenset[str]:
    return label_names(sets) - flow.known.added


def _braced(names: Iterable[str]) -> str:
    return f"{{{', '.join(sorted(names))}}}"


def _values(sets: Collection[Labels], name: str) -> set[str]:
    return {value for labels in sets for label, value in labels if label == name}
