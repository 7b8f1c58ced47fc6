"""What the signals pane says, as a function of a picture of metrics and a width."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.live.metrics.picture import Conduct, InstancesPicture, MetricsPicture, TargetPicture
from cockpit.live.snapshot import Feed, FeedState, Problem
from cockpit.metrics.signals.estimate import ratio
from cockpit.metrics.signals.reading import Reading
from cockpit.metrics.signals.signal import Kind, Signal
from cockpit.tui.lines import Line, cells_of
from cockpit.tui.views.quantities import measure
from cockpit.tui.views.signal_rows import Pair, note, pair, rows, worse
from cockpit.tui.views.signals import signals
from cockpit.tui.views.sparkline import BLOCKS, extent, sparkline
from tests.tui import staged_signals as staged
from tests.tui.staged import AT, CANARY, STABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

SLOTS = {STABLE: 0, CANARY: 1}
OTHER = "emergence-app-00274-m4w"
WORDS = ("worse", "ok", "unsure", "unknown")


def lines(picture: MetricsPicture, cells: int = 100, chosen: str = "") -> list[Line]:
    """The pane's lines."""
    compared = pair(picture, chosen)
    return signals(
        staged.with_metrics(picture), picture, compared, rows(picture, compared), slots=SLOTS, cells=cells
    )


def text(picture: MetricsPicture, cells: int = 100, chosen: str = "") -> str:
    """The pane's lines as one text."""
    return "\n".join(line.text for line in lines(picture, cells, chosen))


def line_of(found: Sequence[Line], key: str) -> Line:
    """The line about one signal."""
    return next(line for line in found if line.key == key)


def roles(line: Line) -> str:
    """Every role that occurs in a line."""
    return " ".join(span.role for span in line.spans)


def target(state: FeedState = FeedState.LIVE, **changes: object) -> TargetPicture:
    """The canary's target in some state."""
    fresh_at = AT - 2 if state is FeedState.LIVE else None
    return replace(staged.TARGETS[1], feed=Feed("metrics", state, fresh_at), **changes)  # type: ignore[arg-type]


def test_the_pane_as_it_is_meant() -> None:
    errors = line_of(lines(staged.PICTURE, 110), "errors")
    *values, course, change, _, margin, mark, word = errors.text.split()
    assert values == ["errors", "0.4", "%", BLOCKS[0] * 27, "14.9", "%"]
    assert (course[0], course[-1], len(course)) == (BLOCKS[0], BLOCKS[-1], 27)
    assert (change, margin, mark, word) == ("+14.5", "2.6", "✗", "worse")
    assert "bad bold" in roles(errors)
    head = lines(staged.PICTURE, 110)[0]
    assert [(span.text.strip(), span.role) for span in head.spans if span.text.strip()] == [
        ("█ stable 00275-2jb", "revision-1 bold"),
        ("▒ canary 00279-kub", "revision-2 bold"),
        ("difference", "muted"),
    ]


@pytest.mark.parametrize("cells", [*range(28, 60), 76, 84, 98, 118, 160, 198, 300])
def test_every_width_is_kept_and_the_verdict_is_always_there(cells: int) -> None:
    for picture in (staged.PICTURE, staged.canary_trouble("denied", "403", "mend " * 40, 75)):
        found = lines(picture, cells)
        assert all(cells_of(line.spans) <= cells for line in found)
        assert "✗" in line_of(found, "errors").text
        assert "14.9 %" in line_of(found, "errors").text


def test_courses_give_way_first_then_margins_then_differences() -> None:
    shown = []
    for cells in range(28, 120):
        said = line_of(lines(staged.PICTURE, cells), "errors").text
        blocks = sum(character in BLOCKS for character in said)
        shown.append((bool(blocks), "±" in said, "+14.5" in said))
    assert shown == sorted(shown, key=lambda parts: (parts[2], parts[1], parts[0]))
    assert shown[0] == (False, False, False)
    assert shown[-1] == (True, True, True)
    assert set(shown) == {
        (False, False, False),
        (False, False, True),
        (False, True, True),
        (True, True, True),
    }


def test_values_of_a_signal_line_up() -> None:
    found = [line_of(lines(staged.PICTURE, 110), key).text for key in ("errors", "p50", "p95", "memory")]
    assert len({said.index("± ") for said in found}) == 1
    assert len({len(said.rstrip()) - len(said.split()[-1]) for said in found}) == 1


def test_rates_have_no_difference_and_are_not_judged() -> None:
    said = line_of(lines(staged.PICTURE, 110), "requests").text
    assert "±" not in said
    assert not any(mark in said for mark in "✗✓·?")


def test_no_data_is_said_and_never_a_pass() -> None:
    picture = staged.canary_trouble("denied", "HTTP 403", "needs roles/run.invoker")
    found = lines(picture, 110)
    said = line_of(found, "errors").text
    assert "no data" in said
    assert said.rstrip().endswith("? unknown")
    assert "! 00279-kub: HTTP 403 · needs roles/run.invoker" in text(picture, 110)
    assert "✓" not in text(picture, 110)


def test_old_values_stay_dimmed_with_their_age_and_are_no_pass() -> None:
    picture = staged.canary_trouble("unreachable", "connection refused", "", 75)
    found = lines(picture, 110)
    assert "connection refused · last scraped 1 min 15 s ago" in text(picture, 110)
    p50 = line_of(found, "p50")
    assert "85.0 ms" in p50.text
    assert "✓" not in p50.text
    dimmed = [span.text.strip() for span in p50.spans if "dim" in span.role]
    assert "85.0" in dimmed
    assert "82.0" not in dimmed
    assert "✗" in line_of(found, "errors").text


def test_an_engine_that_does_not_answer_makes_both_sides_old() -> None:
    problem = Problem("unreachable", "no answer from prometheus:9090", "is it running?")
    picture = replace(staged.PICTURE, problem=problem, read_at=AT - 90)
    assert "! no answer from prometheus:9090 · is it running?" in text(picture)
    assert "read 1 min 30 s ago" in text(picture)
    assert "✓" not in text(picture)
    assert all("dim" in span.role for span in line_of(lines(picture), "p50").spans[2:4])


def test_fresh_values_say_nothing_of_their_age() -> None:
    assert "ago" not in text(staged.PICTURE)
    assert "!" not in text(staged.PICTURE)
    assert not any("dim" in roles(line) for line in lines(staged.PICTURE))


@pytest.mark.parametrize(
    ("canary", "says"),
    [
        (target(FeedState.STARTING), "tag canary: the first scrape is under way"),
        (target(conduct=Conduct.OFF), "tag canary is not scraped: config.toml says scrape = false"),
        (target(FeedState.STALE, conduct=Conduct.RESTING), "tag canary rests: nobody uses it"),
        (target(series=0), "the answer has no series"),
        (target(), "nothing was counted yet"),
    ],
)
def test_why_there_are_no_numbers(canary: TargetPicture, says: str) -> None:
    without = staged.canary_trouble("", "", "")
    picture = replace(without, targets=(staged.TARGETS[0], canary))
    assert says in text(picture, 120)


def test_a_revision_without_a_url_of_its_own() -> None:
    picture = replace(staged.canary_trouble("", "", ""), targets=staged.TARGETS[:1])
    assert "00279-kub: no URL of its own" in text(picture, 120)
    assert "a tag gives it one" in text(picture, 120)
    assert "no URL that is known yet" in text(replace(picture, targets=()), 120)


def test_metrics_that_are_switched_off_are_quoted() -> None:
    quoted = "Metrics disabled. Set CONCEPT_RECALL_METRICS_ENABLED=true to enable."
    picture = staged.canary_trouble("metrics-disabled", f"the endpoint says: {quoted}", "")
    assert quoted in text(picture, 160)


def test_another_engine_that_knows_nothing_of_a_revision() -> None:
    picture = replace(staged.canary_trouble("", "", ""), engine="http://prometheus:9090", targets=())
    assert "http://prometheus:9090 has nothing of it" in text(picture, 160)
    assert "[metrics.remote] labels" in text(picture, 160)
    failing = replace(picture, problem=Problem("unreachable", "no answer", ""))
    assert "has nothing of it" not in text(failing, 160)


def test_nothing_is_read_yet() -> None:
    nothing = replace(staged.PICTURE, readings=())
    assert "about to be read" in text(replace(nothing, read_at=None), 120)
    assert "nothing in it is known as a signal; [[metrics.signals]]" in text(nothing, 120)
    starting = tuple(replace(one, feed=Feed("metrics")) for one in staged.TARGETS)
    assert "the first scrape is under way" in text(replace(nothing, targets=starting))
    assert "no revision serves" in text(MetricsPicture())
    assert "no revision serves" not in text(MetricsPicture(problem=Problem("config", "mine.toml:2", "")))


def test_without_a_canary_the_stable_revision_stands_alone() -> None:
    picture = replace(staged.PICTURE, canary="")
    said = text(picture)
    assert "stable 00275-2jb" in said
    assert "canary" not in said
    assert not any(mark in said for mark in ("✗", "±", *WORDS))
    assert note(picture, pair(picture, "")).startswith("n=5,460")


def test_the_selected_revision_is_the_canary() -> None:
    assert pair(staged.PICTURE, "") == Pair(STABLE, CANARY)
    assert pair(staged.PICTURE, STABLE) == Pair(STABLE, CANARY)
    assert pair(staged.PICTURE, OTHER) == Pair(STABLE, OTHER)
    assert "canary 00274-m4w" in text(staged.PICTURE, 110, OTHER)
    assert worse(rows(staged.PICTURE, pair(staged.PICTURE, ""))) == 2
    assert worse(rows(staged.PICTURE, pair(staged.PICTURE, OTHER))) == 0


def test_what_the_numbers_stand_on() -> None:
    compared = pair(staged.PICTURE, "")
    assert note(staged.PICTURE, compared) == "n=612 · coverage 100 %"
    few = replace(staged.PICTURE, instances=(InstancesPicture(CANARY, 3, 5.2, 0.579, 60),))
    assert note(few, compared) == "estimate · n=612 · coverage 57 %"
    assert "≈canary 00279-kub" in text(few)
    assert "≈stable" not in text(few)
    mixed = replace(staged.PICTURE, instances=(InstancesPicture(STABLE, 1, 1, 1.0, 60, separable=False),))
    assert note(mixed, compared) == "instances not separable · n=612"
    assert note(MetricsPicture(stable=STABLE), Pair(STABLE, "")) == ""


HOSTILE = "\x1b]0;owned\x07\x1b[2J[red]\u202e\r\n\x00"


def test_words_from_outside_drive_no_terminal() -> None:
    signal = Signal("odd", HOSTILE, Kind.RATIO, ("a",), ("b",), unit=HOSTILE)
    odd = Signal("unit", "unit", Kind.GAUGE, ("a",), unit=HOSTILE)
    name = f"emergence-app-{HOSTILE}"
    found = ratio(1, 10)
    assert found is not None
    readings = tuple(Reading(one, {STABLE: found, name: found}) for one in (signal, odd))
    feed = Feed("metrics", FeedState.FAILED, AT - 50, Problem("x", HOSTILE, HOSTILE))
    picture = MetricsPicture(
        engine=HOSTILE,
        targets=(TargetPicture(HOSTILE, HOSTILE, name, feed),),
        readings=readings,
        stable=STABLE,
        canary=name,
        read_at=AT,
        problem=Problem("x", HOSTILE, HOSTILE),
    )
    for cells in (40, 200):
        assert text(picture, cells).replace("\n", "").isprintable()


@given(st.lists(st.floats(), max_size=90), st.integers(0, 80))
def test_a_sparkline_has_its_width_whatever_it_shows(values: list[float], cells: int) -> None:
    low, high = extent(values)
    shown = sparkline(values, cells, low, high)
    assert len(shown) == cells
    assert set(shown) <= {" ", *BLOCKS}


def test_a_sparkline_shows_the_newest_last_and_gaps_as_gaps() -> None:
    assert sparkline((0, 5, 10), 5, 0, 10) == "  ▁▅█"
    assert sparkline((0, math.nan, 10), 3, 0, 10) == "▁ █"
    assert sparkline((0, 0, 10, 10), 2, 0, 10) == "▁█"
    assert sparkline((0, math.nan, 10, math.inf), 2, 0, 10) == "▁█"
    assert sparkline((), 3, 0, 1) == "   "


def test_a_scale_is_never_so_narrow_that_noise_fills_it() -> None:
    assert [*extent([100.0, 101.0])] == pytest.approx([75.25, 125.75])
    assert extent([0.0, 10.0]) == (0.0, 10.0)
    assert extent([0.0, 0.0]) == (0.0, 0.0)
    assert extent([]) == (0.0, 1.0)
    assert [*extent([-10.0, -9.0])] == pytest.approx([-12.0, -7.0])


@pytest.mark.parametrize(
    ("kind", "unit", "values", "numbers", "behind"),
    [
        (Kind.RATIO, "", [0.004, 0.1487], ["0.4", "14.9"], "%"),
        (Kind.RATIO, "", [0.0, 0.0], ["0", "0"], "%"),
        (Kind.RATIO, "", [1.0], ["100"], "%"),
        (Kind.RATE, "", [18.2, 2.04], ["18.2", "2.0"], "/s"),
        (Kind.RATE, "", [12_000.0], ["12.0"], "k/s"),
        (Kind.QUANTILE, "s", [0.212, 0.244], ["212", "244"], "ms"),
        (Kind.QUANTILE, "s", [0.83, 1.21], ["0.83", "1.21"], "s"),
        (Kind.QUANTILE, "s", [0.00012], ["120"], "µs"),
        (Kind.QUANTILE, "s", [150.0], ["2.50"], "min"),
        (Kind.QUANTILE, "ms", [1500.0], ["1.50"], "s"),
        (Kind.GAUGE, "bytes", [2.0**30 * 1.5], ["1.50"], "GiB"),
        (Kind.GAUGE, "", [math.nan, math.inf, -3.25], ["–", "∞", "−3.25"], ""),
        (Kind.GAUGE, "", [0.0123, 0.002], ["0.012", "0.002"], ""),
        (Kind.RATIO, "", [0.0004], ["0.040"], "%"),
        (Kind.GAUGE, "tokens", [123_456.0], ["123"], "k tokens"),
    ],
)
def test_values_are_written_as_people_read_them(
    kind: Kind, unit: str, values: list[float], numbers: list[str], behind: str
) -> None:
    total = ("b",) if kind is Kind.RATIO else ()
    quantile = 0.5 if kind is Kind.QUANTILE else 0.0
    written = measure(Signal("x", "x", kind, ("a",), total, quantile, unit), values)
    assert ([written.number(value) for value in values], written.unit) == (numbers, behind)


def test_differences_bear_their_sign_unless_they_round_to_nothing() -> None:
    written = measure(staged.ERRORS, [0.004, 0.148])
    assert [written.signed(value) for value in (0.144, -0.031, 0.0001, -0.0001)] == ["+14.4", "−3.1", "0.0", "0.0"]
