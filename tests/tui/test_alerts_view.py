"""What the alerts pane says at a width, and the header's badge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.metrics.alerts import Alert, AlertState, against
from cockpit.tui.lines import Line, cells_of
from cockpit.tui.views.alerts import alert_lines, badge, by_gravity
from tests.tui.staged import CANARY, STABLE, healthy
from tests.tui.staged_metrics import ALERTS, BROKEN_RULE, FIRING, INACTIVE, NO_DATA, NOW_SECONDS, PENDING, measured

SLOTS = {STABLE: 0, CANARY: 1}
WIDTHS = range(50, 121)


def lines(*alerts: Alert, cells: int = 100) -> list[Line]:
    """The pane's lines."""
    return alert_lines(by_gravity(alerts), measured(healthy()), SLOTS, cells)


def text(*alerts: Alert, cells: int = 100) -> str:
    """The pane's lines as one text, with single spaces, so that what is wrapped is found."""
    return " ".join(" ".join(line.text for line in lines(*alerts, cells=cells)).split())


@pytest.mark.parametrize("cells", WIDTHS)
def test_rule_revision_value_threshold_since_and_reason_are_there_at_every_width(cells: int) -> None:
    said = text(*ALERTS, cells=cells)
    for alert in ALERTS:
        assert alert.rule in said
    assert "00279-kub" in said
    assert "0.149 > 0.1" in said
    assert "12.4 > 10" in said
    assert "5 min 30 s" in said
    assert "45 s" in said
    assert "no series is named concept_recall_detections_total" in said
    assert all(cells_of(line.spans) <= cells for line in lines(*ALERTS, cells=cells))


@pytest.mark.parametrize("cells", WIDTHS)
def test_what_fires_comes_first_and_stands_out(cells: int) -> None:
    first = lines(*ALERTS, cells=cells)[0]
    roles = {span.text.strip(): span.role for span in first.spans}
    assert first.text.startswith(" ▲")
    assert roles["AnalysisFailureRatio"] == "bold"
    assert roles["0.149 > 0.1"] == "bad bold"
    assert roles["00279-kub"] == "revision-2"


def test_columns_line_up() -> None:
    heads = [line.text for line in lines(FIRING, PENDING, cells=90) if line.text[1] in "▲△"]
    assert len({head.index("00279-kub") for head in heads}) == 1
    assert len({head.index(said) + len(said) for head, said in zip(heads, ("> 0.1", "> 10"), strict=True)}) == 1


def test_in_a_narrow_pane_the_rule_is_cut_last() -> None:
    long = replace(FIRING, rule="TheRatioOfFailedAnalysesOfTheLastFiveMinutes")
    (head, *_) = lines(long, cells=40)
    assert head.text.startswith(" ▲ TheRatioOfFailedAnaly")
    assert "00279-kub" in head.text
    assert "0.149" not in head.text
    assert cells_of(head.spans) <= 40


def test_a_rule_that_cannot_be_judged_says_why_and_is_not_green() -> None:
    assert "? no data" in text(NO_DATA)
    assert "✗ broken" in text(BROKEN_RULE)
    assert "did you mean rate()?" in text(BROKEN_RULE, cells=50)
    roles = {span.role for line in lines(NO_DATA, BROKEN_RULE) for span in line.spans}
    assert "warn" in roles
    assert not any("good" in role for role in roles)


def test_an_inactive_rule_takes_one_line_and_has_no_date() -> None:
    calm = replace(INACTIVE, since=NOW_SECONDS - 60, annotations=(("summary", "the cache is cold " * 5),))
    (line,) = lines(calm, cells=60)
    assert "1 min" not in line.text
    assert "cold" not in line.text


def test_text_from_rule_files_is_cleaned() -> None:
    tricky = replace(FIRING, rule="a\x1b]0;x\x07b", annotations=(("summary", "c\x1b[2Jd"),), revision="e\x1bf")
    assert all(mark not in text(tricky, cells=50) for mark in "\x1b\x07")


@pytest.mark.parametrize(
    ("value", "threshold", "said"),
    [(0.149, 0.1, "0.149 > 0.1"), (None, 0.1, "? > 0.1"), (12.3456, None, "12.35"), (None, None, "")],
)
def test_the_value_against_its_threshold(value: float | None, threshold: float | None, said: str) -> None:
    assert against(replace(FIRING, value=value, threshold=threshold)) == said


@pytest.mark.parametrize(
    ("alerts", "said"),
    [
        ((), ""),
        ((INACTIVE,), ""),
        ((INACTIVE, NO_DATA, BROKEN_RULE), "? 2 without data"),
        ((NO_DATA, PENDING), "△ 1 pending"),
        ((PENDING, FIRING), "▲ 1 alert"),
        ((FIRING, FIRING), "▲ 2 alerts"),
    ],
)
def test_the_badge_tells_the_gravest(alerts: tuple[Alert, ...], said: str) -> None:
    assert "".join(span.text for span in badge(alerts)).strip() == said


def test_every_state_has_its_place() -> None:
    every = [replace(INACTIVE, state=state) for state in AlertState]
    first, *_, last = by_gravity(every)
    assert (first.state, last.state) == (AlertState.FIRING, AlertState.INACTIVE)
