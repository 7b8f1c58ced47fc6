from __future__ import annotations

import shlex
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.release.plan import Gain, Intent, Plan, TagMove, confirmation_words, confirms, gcloud, undo, warnings
from cockpit.release.service import Condition, ConditionState, Revision, ServiceRef, Template
from cockpit.release.traffic import LATEST, Split, Target, percents, same_split, tags

REF = ServiceRef("emergence-469005", "europe-west1", "app")
A, B, C = "app-00001-aaa", "app-00002-bbb", "app-00003-ccc"
NAMES = (A, B, C, LATEST)
TAGS = ("canary", "stable", "blue")


def plan(before: Split, after: Split, intent: Intent = Intent.SHIFT, latest_ready: str = B) -> Plan:
    return Plan(REF, intent, before, after, generation=7, etag='"x"', latest_ready=latest_ready)


def revision(
    name: str, state: ConditionState = ConditionState.SUCCEEDED, reason: str = "", message: str = ""
) -> Revision:
    at = datetime(2025, 10, 10, tzinfo=UTC)
    return Revision(name, Template(), (Condition("Ready", state, reason, message, at),), created=at)


@st.composite
def splits(draw: st.DrawFn) -> Split:
    first = draw(st.integers(0, 100))
    second = draw(st.integers(0, 100 - first))
    targets = [
        Target(draw(st.sampled_from(NAMES)), part) for part in (first, second, 100 - first - second) if part
    ]
    targets += [Target(draw(st.sampled_from(NAMES)), 0, tag) for tag in draw(st.sets(st.sampled_from(TAGS)))]
    return tuple(targets)


def run(command: str, before: Split) -> tuple[dict[str, int], dict[str, str]]:
    """What the command makes of a split, by the rules alone: tags first, then percents that must sum to 100."""
    words = shlex.split(command)
    assert words[:5] == ["gcloud", "run", "services", "update-traffic", "app"]
    assert words[5:9] == ["--region", "europe-west1", "--project", "emergence-469005"]
    flags = dict(word.partition("=")[::2] for word in words[9:])
    assert flags, "gcloud refuses a command that asks for nothing"
    tagged = tags(before)
    for pair in filter(None, flags.pop("--update-tags", "").split(",")):
        tag, _, name = pair.partition("=")
        tagged[tag] = LATEST if name == "LATEST" else name
    for tag in filter(None, flags.pop("--remove-tags", "").split(",")):
        del tagged[tag]
    if "--to-latest" in flags:
        assert flags == {"--to-latest": ""}
        return {LATEST: 100}, tagged
    if shares := flags.pop("--to-revisions", ""):
        pairs = [share.partition("=") for share in shares.split(",")]
        given_percents = {LATEST if name == "LATEST" else name: int(percent) for name, _, percent in pairs}
        assert sum(given_percents.values()) == 100
        return given_percents, tagged
    assert not flags
    return percents(before), tagged


@given(splits(), splits())
def test_the_command_gives_the_split_of_the_plan(before: Split, after: Split) -> None:
    assert run(gcloud(plan(before, after)), before) == (percents(after), tags(after))


@given(splits(), splits())
def test_undo_restores_the_exact_list(before: Split, after: Split) -> None:
    made = plan(before, after)
    back = undo(made)
    assert back.after == before
    assert back.before == after
    assert back.intent is Intent.UNDO
    assert run(gcloud(back), after) == (percents(before), tags(before))


@given(splits(), splits())
def test_gains_and_losses_balance(before: Split, after: Split) -> None:
    made = plan(before, after)
    assert sum(gain.points for gain in made.gains) == 0
    assert {gain.revision: gain.after for gain in made.gains if gain.after} == percents(after)
    assert made.empty == same_split(before, after)


def test_a_command_reads_as_one_types_it() -> None:
    made = plan((Target(A, 90), Target(B, 10)), (Target(A, 75), Target(B, 25), Target(B, 0, "canary")))
    assert gcloud(made) == (
        "gcloud run services update-traffic app --region europe-west1 --project emergence-469005 "
        "--to-revisions=app-00001-aaa=75,app-00002-bbb=25 --update-tags=canary=app-00002-bbb"
    )
    assert made.gains == (Gain(A, 90, 75), Gain(B, 10, 25))
    assert made.tag_moves == (TagMove("canary", None, B),)
    assert gcloud(plan((Target(A, 100),), ())).endswith(" --to-latest")


def test_a_hostile_name_stays_one_word_of_the_shell() -> None:
    ref = ServiceRef("p", "r", "a; rm -rf $HOME")
    made = Plan(ref, Intent.SHIFT, (Target(A, 100),), (Target("b`id`", 100),), 1, "")
    words = shlex.split(gcloud(made))
    assert words[4] == "a; rm -rf $HOME"
    assert words[-1] == "--to-revisions=b`id`=100"


@pytest.mark.parametrize("typed", ["00002-bbb", " app-00002-bbb ", "25", "25%", "25 %", "app"])
def test_a_production_change_is_confirmed_by_revision_percent_or_service(typed: str) -> None:
    made = plan((Target(A, 90), Target(B, 10)), (Target(A, 75), Target(B, 25)))
    assert confirmation_words(made)[0] == "00002-bbb"
    assert confirms(made, typed)


@pytest.mark.parametrize("typed", ["", "y", "yes", "00001-aaa", "75", "10"])
def test_anything_else_does_not_confirm(typed: str) -> None:
    assert not confirms(plan((Target(A, 90), Target(B, 10)), (Target(A, 75), Target(B, 25))), typed)


def test_a_tag_change_is_confirmed_by_the_tag() -> None:
    made = plan((Target(A, 100),), (Target(A, 100), Target(B, 0, "canary")), Intent.TAG)
    assert confirmation_words(made) == ("canary", "app")


def test_warnings_about_targets() -> None:
    before, after = (Target(A, 100),), (Target(B, 100),)
    failed = revision(
        B, ConditionState.FAILED, "HEALTH_CHECK_CONTAINER_ERROR", "ModuleNotFoundError: No module named 'x'"
    )
    assert warnings(plan(before, after), [revision(A), failed]) == (
        "takes all traffic from 00001-aaa: nothing that is ready would serve",
        "00002-bbb has failed: No module named 'x'",
        "00002-bbb goes from no traffic to all of it in one step",
    )
    pending = revision(B, ConditionState.RECONCILING)
    assert "00002-bbb is not ready yet" in warnings(plan(before, after), [revision(A), pending])
    assert "00002-bbb is not among the revisions of app" in warnings(plan(before, after), [revision(A)])
    retired = Revision(
        B, Template(), (*revision(B).conditions, Condition("Active", ConditionState.FAILED, "RETIRED"))
    )
    assert "00002-bbb is retired: its first requests wait for a cold start" in warnings(
        plan((Target(A, 90), Target(B, 10)), (Target(A, 80), Target(B, 20))), [revision(A), retired]
    )


def test_a_plain_step_warns_of_nothing() -> None:
    made = plan((Target(A, 90), Target(B, 10)), (Target(A, 75), Target(B, 25)))
    assert warnings(made, [revision(A), revision(B)]) == ()


def test_warnings_about_latest_and_tags() -> None:
    known = [revision(A), revision(B)]
    assert warnings(plan((), (Target(A, 100),), latest_ready=A), known) == (
        "traffic no longer follows LATEST: a new deployment gets none by itself",
    )
    assert warnings(
        plan((Target(A, 60), Target(B, 40)), (Target(A, 50), Target(B, 30), Target(LATEST, 20))), known
    ) == (
        "traffic follows LATEST: the next deployment gets 20 % as soon as it is ready",
        "LATEST is 00002-bbb now, so 00002-bbb gets 20 % + 30 %",
    )
    before = (Target(A, 100), Target(A, 0, "canary"), Target(A, 0, "old"))
    assert warnings(plan(before, (Target(A, 100), Target(B, 0, "canary"))), known) == (
        "the URL of tag canary will answer from 00002-bbb",
        "the URL of tag old will stop answering",
    )
