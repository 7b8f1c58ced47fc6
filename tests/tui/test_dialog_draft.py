"""A split while it is edited: the percents sum to 100, and what was typed stays typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.release.traffic import LATEST, Target, percents, shift
from cockpit.tui.widgets.percent_draft import PercentDraft

NAMES = ("a", "b", "c", "d")


@st.composite
def bases(draw: st.DrawFn) -> tuple[Target, ...]:
    """A split of 100 over some of the names, LATEST among them at times."""
    names = draw(st.lists(st.sampled_from((*NAMES, LATEST)), min_size=1, max_size=4, unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=len(names) - 1, max_size=len(names) - 1)))
    shares = [after - before for before, after in zip([0, *cuts], [*cuts, 100], strict=True)]
    return tuple(Target(name, share) for name, share in zip(names, shares, strict=True) if share)


edits = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(-20, 140)), max_size=8)


@given(bases(), edits, st.lists(st.sampled_from(NAMES), max_size=3))
def test_whatever_is_typed_the_percents_sum_to_100(
    base: tuple[Target, ...], typed: list[tuple[str, int]], toggled: list[str]
) -> None:
    rows = tuple(dict.fromkeys((*percents(base), *NAMES)))
    draft = PercentDraft(base, rows)
    for name, percent in typed:
        draft = draft.put(name, percent)
        assert draft.percents[name] == min(100, max(0, percent))
        assert sum(draft.percents.values()) == 100
        assert min(draft.percents.values()) >= 0
    for name in toggled:
        draft = draft.toggle_hold(name)
        assert sum(draft.percents.values()) == 100


@given(bases(), edits)
def test_what_is_asked_gives_what_is_shown(base: tuple[Target, ...], typed: list[tuple[str, int]]) -> None:
    draft = PercentDraft(base, tuple(dict.fromkeys((*percents(base), *NAMES))))
    for name, percent in typed:
        draft = draft.put(name, percent)
    after = percents(shift(base, draft.asked))
    assert after == {name: percent for name, percent in draft.percents.items() if percent}
    assert draft.changed == (after != percents(base))


@given(bases(), st.sampled_from(NAMES), st.lists(st.integers(0, 100), min_size=1))
def test_the_way_to_a_split_does_not_change_it(base: tuple[Target, ...], name: str, steps: list[int]) -> None:
    straight = PercentDraft(base, tuple(dict.fromkeys((*percents(base), *NAMES))))
    winding = straight
    for step in steps:
        winding = winding.put(name, step)
    assert winding.percents == straight.put(name, steps[-1]).percents


def test_a_typed_row_stays_while_the_others_share_the_rest() -> None:
    draft = PercentDraft((Target("a", 80), Target("b", 10), Target("c", 10)), ("a", "b", "c"))
    draft = draft.put("a", 50)
    assert draft.percents == {"a": 50, "b": 25, "c": 25}
    draft = draft.put("b", 30)
    assert draft.percents == {"a": 50, "b": 30, "c": 20}
    draft = draft.put("c", 90)
    assert draft.percents == {"a": 9, "b": 1, "c": 90}
    assert draft.held == (("c", 90),), "those held longer give way"


def test_the_only_one_that_serves_gives_to_the_first_other_row() -> None:
    draft = PercentDraft((Target("a", 100),), ("a", "canary", "old"))
    assert draft.put("a", 60).percents == {"a": 60, "canary": 40, "old": 0}


def test_a_row_alone_keeps_everything() -> None:
    draft = PercentDraft((Target("a", 100),), ("a",))
    assert draft.put("a", 10).percents == {"a": 100}
    assert not draft.put("a", 10).changed


def test_points_are_cut_to_what_there_is() -> None:
    draft = PercentDraft((Target("a", 95), Target("b", 5)), ("a", "b"))
    assert draft.nudge("b", -10).percents == {"a": 100, "b": 0}
    assert draft.nudge("a", 10).percents == {"a": 100, "b": 0}
