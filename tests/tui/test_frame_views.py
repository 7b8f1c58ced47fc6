"""What the main screen says, as functions of a snapshot and a width."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Size

from cockpit.live.agreement import observed_note, serving_note
from cockpit.live.snapshot import Arming, FeedState, Outcome, Problem, Snapshot
from cockpit.release.observed import Observed
from cockpit.release.service import Revision
from cockpit.release.traffic import Target
from cockpit.text import clean, width
from cockpit.tui.colours import REVISION_COLOURS, Slots
from cockpit.tui.keys import DEFAULT_KEYMAP
from cockpit.tui.lines import Span, cells_of, crop, left, right, spread, wrap
from cockpit.tui.views.header import freshness, header, mode
from cockpit.tui.views.journey import ended, result, under_way
from cockpit.tui.views.looking import Playing
from cockpit.tui.views.notices import calm, lines, notices
from cockpit.tui.views.revision_rows import rows, visible
from cockpit.tui.views.revision_table import Table
from cockpit.tui.views.summary import summary
from cockpit.tui.views.traffic import active, bar, lengths, traffic
from tests.tui import staged

SNAPSHOTS = [
    staged.healthy,
    staged.reconciling,
    staged.applied,
    staged.failed,
    staged.overtaken,
    staged.stale,
    staged.empty,
]


def said(spans: tuple[Span, ...]) -> str:
    """The text of spans."""
    return "".join(span.text for span in spans)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=12), st.integers(0, 200))
def test_a_bar_is_filled_exactly_and_nobody_is_left_out_while_there_are_cells(
    values: list[float], cells: int
) -> None:
    found = lengths(values, cells)
    assert sum(found) == cells
    assert len(found) == len(values)
    assert min(found) >= (1 if cells >= len(values) else 0)


def test_a_bar_is_true_to_the_percents() -> None:
    assert lengths([90, 10], 100) == [90, 10]
    assert lengths([99.9, 0.1], 10) == [9, 1]
    assert cells_of(bar({}, [], {}, 20)) == 20


@given(st.text(), st.integers(0, 30))
def test_fields_have_the_width_they_are_given(text: str, cells: int) -> None:

    assert width(left(clean(text), cells).text) == cells
    assert width(right(clean(text), cells).text) == cells
    assert all(width(piece) <= max(1, cells) for piece in wrap(clean(text), cells))


@given(st.text(max_size=20), st.text(max_size=20), st.integers(0, 30))
def test_a_spread_line_never_overflows(start: str, end: str, cells: int) -> None:

    line = spread((Span(clean(start)),), (Span(clean(end)),), cells)
    assert cells_of(line) <= cells
    assert cells_of(crop((Span(clean(start)), Span(clean(end))), cells)) <= cells


def test_a_replay_is_read_only_however_armed_the_cockpit_was() -> None:
    armed = staged.armed()
    assert "ARMED" in said(header(armed, 120).spans)
    replayed = said(header(armed, 120, Playing("incident.cockpit", 1.0, 1.0, runs=True)).spans)
    assert "READ-ONLY" in replayed
    assert "ARMED" not in replayed


@pytest.mark.parametrize("stage", SNAPSHOTS)
@pytest.mark.parametrize("cells", [1, 10, 40, 60, 84, 92, 110, 120, 200, 300])
def test_no_row_is_wider_than_the_screen(stage: staged.Stage, cells: int) -> None:
    snapshot = stage()
    slots = Slots().give(active(snapshot))
    assert cells_of(header(snapshot, cells).spans) <= cells
    if cells < 40:
        return  # one line is all there is
    for line in traffic(snapshot, slots, cells):
        assert cells_of(line.spans) <= cells, line.text
    shown, _ = visible(rows(snapshot), "", unfolded=True)
    table = Table(shown, slots, cells)
    for line in [table.head(differs=True), *map(table.line, shown)]:
        assert cells_of(line.spans) <= cells, line.text


def test_the_three_rows_agree_in_their_columns() -> None:
    asked, serving, observed = traffic(staged.healthy(), Slots().give([staged.STABLE, staged.CANARY]), 120)
    assert asked.text.rstrip().endswith("█ 00275-2jb  90  ▒ 00279-kub  10")
    ends = [
        line.text.index(number) + 2 for line, number in ((asked, "  90"), (serving, "  90"), (observed, "  91"))
    ]
    assert len(set(ends)) == 1
    assert observed.text.endswith("1,204 requests/min")


def test_a_gap_between_asked_and_serving_is_said_with_its_age() -> None:
    assert serving_note(staged.healthy()) == ""
    assert serving_note(staged.reconciling()) == "≠ asked · reconciling 4.0 s"
    quiet = staged.service(staged.split(stable=75, canary=25), staged.split(stable=90, canary=10))
    assert serving_note(replace(staged.healthy(), service=quiet)) == "≠ asked · not reconciling"


def test_observed_differs_only_beyond_chance() -> None:
    def note(stable: int, canary: int) -> str:
        return observed_note(replace(staged.healthy(), observed=staged.observed(stable, canary)))

    assert note(900, 100) == ""
    assert note(88, 12) == ""
    assert note(10, 30) == ""  # too few to say anything
    assert note(700, 300) == "≠ serving · 00275-2jb"


def test_observed_may_catch_up_after_a_change() -> None:
    assert observed_note(staged.applied()) == "≠ serving · catching up 2/60 s"


def test_observed_may_catch_up_after_somebody_elses_change() -> None:
    healthy = replace(staged.healthy(), change=None, observed=staged.observed(700, 300))
    assert healthy.service is not None
    assert observed_note(healthy) == "≠ serving · 00275-2jb"
    theirs = replace(healthy.service, updated=staged.ago(seconds=8))
    assert observed_note(replace(healthy, service=theirs)) == "≠ serving · catching up 8/60 s"
    settled = replace(healthy.service, updated=staged.ago(seconds=90))
    assert observed_note(replace(healthy, service=settled)) == "≠ serving · 00275-2jb"


def test_observed_of_a_revision_without_traffic_is_a_difference() -> None:
    strayed = Observed(60.0, 1000, ((staged.STABLE, 900), (staged.CANARY, 60), (staged.OLD, 40)))
    assert observed_note(replace(staged.healthy(), observed=strayed)).startswith("≠ serving")


def test_freshness_is_of_the_service_first_and_has_a_shape() -> None:
    assert said(freshness(staged.healthy())) == "● live 0.4 s"
    assert said(freshness(staged.stale())) == "◐ stale 35 s"
    assert said(freshness(staged.empty())) == "◌ connecting"
    healthy = staged.healthy()
    requests = replace(healthy.feeds[2], state=FeedState.FAILED, fresh_at=staged.AT - 90)
    deaf = replace(healthy, feeds=(*healthy.feeds[:2], requests))
    assert said(freshness(deaf)) == "✗ requests failed 1 min 30 s"


def test_the_mode_counts_down() -> None:
    assert said(mode(Arming(), 0)) == "READ-ONLY"
    assert said(mode(Arming(until=271.0), 0.0)) == " ARMED 4:31 "
    assert said(mode(Arming(until=271.0), 271.0)) == "READ-ONLY"
    assert said(mode(Arming(until=10.0, production=True), 1.0)) == " PRODUCTION   ARMED 0:09 "


def test_a_change_is_told_on_its_way_and_at_its_end() -> None:
    travelling = staged.reconciling().change
    assert travelling is not None
    words = said(under_way(travelling, staged.AT))
    assert words == "●●●●◐ shift 00279-kub 10 → 25 % · waiting until serving is what was asked · 4.0 s"
    arrived = staged.applied().change
    assert arrived is not None
    assert said(ended(arrived)) == "✓ shift 00279-kub 10 → 25 % serving after 3.4 s"
    lost = replace(arrived, outcome=Outcome.UNKNOWN, problem=Problem("unreachable", "no answer"))
    assert result(lost) == "outcome unknown: no answer"


def test_tags_are_told_where_no_percent_moves() -> None:
    tagged = replace(staged.change(), after=(*staged.split(stable=100), Target(staged.OLD, 0, "blue")))
    assert said(ended(tagged)).startswith("✓ shift tag blue none → 00274-m4w")


def told(snapshot: Snapshot, *, explain: bool = False) -> list[str]:
    """Every notice, as text."""
    return [said(spans) for spans in notices(snapshot, DEFAULT_KEYMAP, explain=explain)]


def test_notices_name_the_way_on() -> None:
    assert told(staged.healthy()) == []
    assert told(staged.overtaken())[0].endswith("v shows the three sides")
    assert told(staged.applied())[0].endswith("u undoes it")
    assert told(staged.failed())[0].endswith("choose a revision that is ready")


def test_a_mend_that_would_be_cut_off_gets_a_spare_line() -> None:
    def shown(cells: int, height: int) -> list[str]:
        return [line.text for line in lines(staged.stale(), DEFAULT_KEYMAP, Size(cells, height))]

    assert shown(110, 2) == [
        " ◐ service stale 35 s: no answer from 127.0.0.1:8085: connection refused",
        "   is the simulator running? · next try in 3.0 s",
    ]
    assert len(shown(110, 1)) == 1
    assert len(shown(200, 2)) == 1


def test_one_problem_is_told_once_for_all_its_feeds() -> None:
    (only,) = told(staged.stale())
    assert only == (
        "◐ service stale 35 s: no answer from 127.0.0.1:8085: connection refused"
        "  is the simulator running? · next try in 3.0 s"
    )


def test_a_narrow_screen_spells_out_what_the_bars_only_mark() -> None:
    assert "observed ≠ serving · catching up 2/60 s" in told(staged.applied(), explain=True)


def test_when_all_is_well_the_last_change_is_told() -> None:
    assert said(calm(staged.healthy())) == (
        "✓ serving what was asked · last change: "
        "shift 00279-kub 0 → 10 % serving after 3.4 s, 6m ago by ops@example.com"
    )
    assert said(calm(staged.empty())) == "waiting for the first answer"


def test_somebody_elses_change_is_not_passed_over_for_our_own_older_one() -> None:
    known = staged.healthy()
    assert known.service is not None
    service = replace(known.service, spec=staged.split(stable=75, canary=25), last_modifier="eve@example.com")
    line = said(calm(replace(known, service=service)))
    assert "changed since by eve@example.com" in line
    assert "last change from here: shift 00279-kub 0 → 10 %" in line


def test_revisions_that_serve_come_first_and_retired_ones_are_folded() -> None:
    every = rows(staged.healthy())
    assert [row.short for row in every[:3]] == ["00275-2jb", "00279-kub", "00276-jvb"]
    shown, folded = visible(every, "", unfolded=False)
    assert (len(shown), folded) == (3, 3)
    assert visible(every, "", unfolded=True) == (every, 0)


def test_a_filter_wants_every_word_and_looks_at_retired_revisions_too() -> None:
    every = rows(staged.healthy())
    assert [row.short for row in visible(every, "00274 retired", unfolded=False)[0]] == ["00274-m4w"]
    assert [row.short for row in visible(every, "BACKEND", unfolded=False)[0]] == ["00276-jvb"]
    assert visible(every, "canary backend", unfolded=False)[0] == []


def test_a_failed_revision_says_why_across_the_columns() -> None:
    shown, _ = visible(rows(staged.healthy()), "", unfolded=False)
    table = Table(shown, {}, 100)
    assert table.line(shown[2]).text.endswith("failed: No module named 'backend'")
    narrow = Table(shown, {}, 60)
    assert "No module" in narrow.line(shown[2]).text


def test_both_percents_stand_in_the_table_where_they_differ() -> None:
    shown, _ = visible(rows(staged.reconciling()), "", unfolded=False)
    table = Table(shown, {}, 100)
    assert "ask → now" in table.head(differs=True).text
    assert "25 → 10 %" in table.line(shown[1]).text
    assert table.line(shown[1]).ground == "changed"


def test_a_wide_table_has_more_columns_not_wider_gaps() -> None:
    shown, _ = visible(rows(staged.healthy()), "", unfolded=False)
    heads = [Table(shown, {}, cells).head(differs=False).text.split() for cells in (56, 80, 120, 300)]
    assert [len(words) for words in heads] == sorted({len(words) for words in heads})
    assert "created" in heads[-1]


def test_the_summary_says_what_differs_from_the_revision_that_serves_the_most() -> None:
    snapshot = staged.healthy()
    every = {row.name: row for row in rows(snapshot)}

    def against(revision: Revision) -> list[str]:
        lines = summary(snapshot, revision, every[revision.name], None, 80)
        return [line.text.split(maxsplit=1)[1] for line in lines if line.text.startswith(" against")]

    stable, canary = staged.REVISIONS[2], staged.REVISIONS[0]
    assert against(canary) == ["00275-2jb: ≠ image"]
    bare = replace(canary, template=replace(stable.template, env=stable.template.env[:1]))
    assert against(bare) == ["00275-2jb: − DATABASE_PASSWORD, − PYTHONPATH"]
    assert against(replace(canary, template=stable.template)) == ["00275-2jb: the same"]
    assert against(stable) == ["00279-kub: ≠ image"]


def test_a_colour_means_one_revision_for_good() -> None:
    slots = Slots()
    first = slots.give(["a", "b"])
    assert slots.give(["b", "c"])["b"] == first["b"]
    assert slots.give(["a"]) == {"a": first["a"]}
    many = [f"r{number}" for number in range(REVISION_COLOURS)]
    assert len(set(slots.give(many).values())) == REVISION_COLOURS
    assert set(slots.give([*many, "one more"]).values()) <= set(range(REVISION_COLOURS))
