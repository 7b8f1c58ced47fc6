from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.release.traffic import (
    LATEST,
    ServingTarget,
    Split,
    Target,
    TrafficError,
    check_tag,
    is_served,
    normal,
    nudge,
    percents,
    pin,
    promote,
    remove_tag,
    same_split,
    set_tag,
    shift,
    tags,
)

NAMES = ("app-00001-aaa", "app-00002-bbb", "app-00003-ccc", "app-00004-ddd", LATEST)
TAGS = ("canary", "stable", "blue", "t-1")


def split(**given_percents: int) -> Split:
    return tuple(Target(LATEST if name == "latest" else name, percent) for name, percent in given_percents.items())


@st.composite
def splits(draw: st.DrawFn) -> Split:
    """Any split the API can hold: entries in any order, revisions twice, tags riding or at 0 percent."""
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=5)))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    free = draw(st.permutations(TAGS))
    riding = draw(st.integers(0, len(TAGS)))
    words = [*free[:riding], "", "", "", "", "", ""]
    targets = [Target(draw(st.sampled_from(NAMES)), part, words[at]) for at, part in enumerate(parts)]
    targets += [Target(draw(st.sampled_from(NAMES)), 0, tag) for tag in free[max(riding, len(parts)) :]]
    return tuple(draw(st.permutations(targets)))


wishes = st.dictionaries(st.sampled_from((*NAMES, "app-00009-new")), st.integers(-5, 110), max_size=4)


@pytest.mark.parametrize(
    ("now", "asked", "after"),
    [
        (split(a=90, b=10), {"b": 25}, split(a=75, b=25)),
        (split(a=33, b=33, c=34), {"d": 50}, split(a=17, b=16, c=17, d=50)),
        (split(latest=100), {"r1": 10}, split(r1=10, latest=90)),
        ((), {"r1": 10}, split(r1=10, latest=90)),
        (split(a=90, b=10), {"b": 0}, split(a=100)),
        (split(a=90, b=10), {"a": 50, "b": 50}, split(a=50, b=50)),
        (split(a=90, b=10), {"c": 100}, split(c=100)),
        (split(a=98, b=1, c=1), {"d": 99}, split(a=1, d=99)),
        (split(a=1, b=1, latest=98), {"d": 99}, split(d=99, latest=1)),
        (split(a=50, b=50), {"c": 1}, split(a=50, b=49, c=1)),
        (split(a=50, latest=50), {"c": 1}, split(a=50, c=1, latest=49)),
        ((Target("a", 40), Target("b", 40), Target("a", 20)), {"c": 10}, split(a=54, b=36, c=10)),
        (split(a=60, b=40), {}, split(a=60, b=40)),
    ],
)
def test_shift_examples(now: Split, asked: dict[str, int], after: Split) -> None:
    assert shift(now, asked) == after


def test_a_dropped_revision_keeps_every_tag() -> None:
    now = (Target("a", 90), Target("b", 10, "canary"), Target("b", 0, "next"))
    assert shift(now, {"b": 0}) == (Target("a", 100), Target("b", 0, "canary"), Target("b", 0, "next"))


@pytest.mark.parametrize(
    ("now", "asked", "says"),
    [
        (split(a=100), {"a": 50}, "add up to 50, and no other revision serves that could take the other 50"),
        (split(a=90, b=10), {"a": 80, "b": 30}, "add up to 110, over 100"),
        (split(a=90, b=10), {"a": -1}, "a cannot have -1 percent"),
        (split(a=90, b=10), {LATEST: 101}, "LATEST cannot have 101 percent"),
        (split(a=90), {"b": 10}, r"own percents \(a=90\) add up to 90, not to 100"),
        (split(a=150, b=-50), {"b": 10}, r"own percents \(a=150, b=-50\)"),
    ],
)
def test_shift_refuses_with_one_line(now: Split, asked: dict[str, int], says: str) -> None:
    with pytest.raises(TrafficError, match=says) as caught:
        shift(now, asked)
    assert caught.value.mend
    assert "\n" not in str(caught.value)


@given(splits(), wishes)
def test_a_shift_sums_to_100_keeps_tags_and_gives_what_was_asked(now: Split, asked: dict[str, int]) -> None:
    try:
        after = shift(now, asked)
    except TrafficError:
        others = percents(now).keys() - asked.keys()
        bad = any(not 0 <= percent <= 100 for percent in asked.values())
        assert bad or sum(asked.values()) > 100 or (not others and sum(asked.values()) < 100)
        return
    assert sum(percents(after).values()) == 100
    assert tags(after) == tags(now)
    assert {name: percents(after).get(name, 0) for name in asked} == asked
    assert all(target.percent or target.tag for target in after)


@given(splits(), st.dictionaries(st.sampled_from(NAMES), st.integers(0, 40), max_size=2))
def test_the_rest_is_shared_in_proportion_to_within_a_point(now: Split, asked: dict[str, int]) -> None:
    others = {name: percent for name, percent in percents(now).items() if name not in asked}
    if not others:
        return
    after = percents(shift(now, asked))
    rest, pool = 100 - sum(asked.values()), sum(others.values())
    for name, percent in others.items():
        assert abs(after.get(name, 0) - percent * rest / pool) < 1


@given(splits(), splits())
def test_one_form_for_equal_splits(one: Split, other: Split) -> None:
    assert same_split(one, normal(one))
    assert same_split(one, tuple(reversed(one)))
    assert normal(normal(one)) == normal(one)
    assert same_split(one, other) == (percents(one) == percents(other) and tags(one) == tags(other))


def test_an_empty_split_is_all_to_latest() -> None:
    assert same_split((), split(latest=100))
    assert percents(()) == {LATEST: 100}


@given(splits(), st.sampled_from(NAMES), st.integers(-120, 120))
def test_a_nudge_stays_within_0_and_100(now: Split, name: str, points: int) -> None:
    before = percents(now).get(name, 0)
    try:
        after = percents(nudge(now, name, points)).get(name, 0)
    except TrafficError:
        assert before == 100
        assert points < 0
        return
    assert after == min(100, max(0, before + points))


@given(splits(), st.sampled_from(NAMES))
def test_promote_gives_everything(now: Split, name: str) -> None:
    assert percents(promote(now, name)) == {name: 100}


@given(splits(), st.sampled_from(TAGS), st.sampled_from(NAMES))
def test_tags_move_without_touching_percents(now: Split, tag: str, name: str) -> None:
    after = set_tag(now, tag, name)
    assert tags(after) == tags(now) | {tag: name}
    assert percents(after) == percents(now)
    gone = remove_tag(after, tag)
    assert tags(gone) == {other: at for other, at in tags(now).items() if other != tag}
    assert percents(gone) == percents(now)


def test_a_first_tag_spells_out_latest() -> None:
    assert set_tag((), "canary", "a") == (Target(LATEST, 100), Target("a", 0, "canary"))


def test_removing_an_unknown_tag_names_the_known() -> None:
    with pytest.raises(TrafficError, match="no tag 'canari'") as caught:
        remove_tag((Target("a", 100, "canary"),), "canari")
    assert caught.value.mend == "the tags are canary"


@pytest.mark.parametrize("tag", ["", "A", "9a", "a_b", "-a", "a-", "a b", "ä", "a\n", "a.b", "LATEST"])
def test_bad_tags(tag: str) -> None:
    with pytest.raises(TrafficError, match="cannot be a tag"):
        set_tag((), tag, "a")


@pytest.mark.parametrize("tag", ["a", "canary", "a-b", "v2", "a" * 46])
def test_good_tags(tag: str) -> None:
    check_tag(tag)


def test_a_tag_and_its_service_share_one_label() -> None:
    check_tag("a" * 33, "emergence-app")
    with pytest.raises(TrafficError, match="too long for the service 'emergence-app'"):
        check_tag("a" * 34, "emergence-app")


def serving(now: Split, latest_ready: str) -> tuple[ServingTarget, ...]:
    """What the API reports once a split serves: resolved, in another order, an entry for each part."""
    return tuple(
        ServingTarget(target.revision or latest_ready, target.percent, target.tag, latest=not target.revision)
        for target in reversed(now or split(latest=100))
    )


@given(splits(), st.sampled_from(NAMES[:-1]))
def test_what_was_asked_is_served(now: Split, latest_ready: str) -> None:
    assert is_served(now, serving(now, latest_ready), latest_ready)
    assert percents(pin(now, latest_ready)) == percents(serving(now, latest_ready))


@given(splits(), splits(), st.sampled_from(NAMES[:-1]))
def test_another_split_is_not_served(asked: Split, other: Split, latest_ready: str) -> None:
    same = same_split(pin(asked, latest_ready), pin(other, latest_ready))
    assert is_served(asked, serving(other, latest_ready), latest_ready) == same


def test_nothing_serving_is_never_served() -> None:
    assert not is_served((), (), "")
    assert not is_served((), (), "a")
