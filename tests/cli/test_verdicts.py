"""How the commands on metrics end, by what was seen: no data is never a pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.cli.alerts import outcome
from cockpit.cli.exits import Exit
from cockpit.cli.verdicts import overall
from cockpit.live.metrics.picture import Conduct, MetricsPicture
from cockpit.live.snapshot import Feed, FeedState, Problem
from cockpit.metrics.alerts import Alert, AlertState
from cockpit.metrics.signals.estimate import ratio
from tests.tui.staged import AT
from tests.tui.staged_signals import ERRORS, LOAD, PICTURE, READINGS, TARGETS, canary_trouble, reading

GOOD = replace(PICTURE, readings=(reading(ERRORS, ratio(600, 60_000), ratio(600, 60_000)),))
OFF = canary_trouble("switched-off", "metrics are switched off", "switch them on there")
UNREACHABLE = Problem("unreachable", "no answer", "is it running?")
WORSE = replace(PICTURE, readings=(reading(ERRORS, ratio(22, 54_600), ratio(910, 6120)),))
LIKELY = replace(PICTURE, readings=(reading(ERRORS, ratio(1, 100), ratio(4, 30)),))
FEW = replace(PICTURE, readings=(reading(ERRORS, ratio(0, 9), ratio(1, 2)),))
RESTING = replace(
    GOOD,
    targets=(TARGETS[0], replace(TARGETS[1], conduct=Conduct.RESTING, feed=Feed("metrics", FeedState.STARTING))),
)


@pytest.mark.parametrize(
    ("picture", "code", "word"),
    [
        (GOOD, Exit.OK, "no worse"),
        (WORSE, Exit.FAILED, "worse"),
        (LIKELY, Exit.UNSURE, "likely worse"),
        (replace(LIKELY, readings=(*FEW.readings, *LIKELY.readings)), Exit.UNSURE, "likely worse"),
        (FEW, Exit.UNSURE, "too few data"),
        (replace(GOOD, readings=(*GOOD.readings, *FEW.readings)), Exit.UNSURE, "too few data"),
        (replace(WORSE, readings=(*FEW.readings, *WORSE.readings)), Exit.FAILED, "worse"),
        (replace(GOOD, readings=()), Exit.FAILED, "no data"),
        (replace(GOOD, readings=(*GOOD.readings, reading(LOAD, None, None))), Exit.FAILED, "no data"),
        (replace(GOOD, targets=OFF.targets), Exit.FAILED, "no data"),
        (replace(GOOD, problem=UNREACHABLE), Exit.UNREACHABLE, "no data"),
        (replace(WORSE, problem=UNREACHABLE), Exit.FAILED, "worse"),
        (RESTING, Exit.OK, "no worse"),
        (replace(GOOD, canary=""), Exit.OK, "no worse"),
        (replace(GOOD, canary="", stable="another"), Exit.FAILED, "no data"),
        (MetricsPicture(), Exit.FAILED, "no data"),
    ],
)
def test_metrics_end_by_the_gravest_of_what_was_seen(picture: MetricsPicture, code: Exit, word: str) -> None:
    assert overall(picture) == (code, word)


@pytest.mark.parametrize(
    ("states", "code", "strict"),
    [
        ((), Exit.OK, Exit.OK),
        ((AlertState.INACTIVE,), Exit.OK, Exit.OK),
        ((AlertState.INACTIVE, AlertState.PENDING), Exit.OK, Exit.FAILED),
        ((AlertState.PENDING, AlertState.FIRING), Exit.FAILED, Exit.FAILED),
        ((AlertState.INACTIVE, AlertState.NO_DATA), Exit.FAILED, Exit.FAILED),
        ((AlertState.BROKEN,), Exit.FAILED, Exit.FAILED),
    ],
)
def test_alerts_end_by_the_gravest_state(states: tuple[AlertState, ...], code: Exit, strict: Exit) -> None:
    picture = replace(PICTURE, alerts=tuple(Alert("Rule", "group", state) for state in states))
    assert outcome(picture) is code
    assert outcome(picture, pending=True) is strict


def test_alerts_that_a_failing_url_may_hide_are_no_pass() -> None:
    quiet = (Alert("Rule", "group", AlertState.INACTIVE),)
    assert outcome(replace(OFF, alerts=quiet)) is Exit.FAILED
    assert outcome(replace(PICTURE, alerts=quiet, problem=UNREACHABLE)) is Exit.UNREACHABLE


def test_old_values_of_a_url_that_fails_are_no_pass() -> None:
    """The picture keeps the last good values: they are for looking at."""
    kept = canary_trouble("unreachable", "no answer", "", age=100.0)
    assert kept.readings == READINGS
    assert all(target.feed.fresh_at is not None and target.feed.fresh_at <= AT for target in kept.targets)
    assert overall(replace(kept, readings=GOOD.readings)) == (Exit.FAILED, "no data")
