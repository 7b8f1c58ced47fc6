"""What a text begins with is left out where the columns say it already, and nothing else ever is."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.logs.entry import Flag, Row, Severity
from cockpit.logs.query.compile import compiled
from cockpit.logs.query.parse import parse
from cockpit.logs.severity import level_of
from cockpit.tui.views.log_line import LogLines, no_marks
from cockpit.tui.views.log_look import Column, Look
from cockpit.tui.views.log_names import as_copied
from cockpit.tui.views.log_preamble import NEAR, preamble

NOON = 1_795_262_400_000_000_000
"""2026-11-21 12:00:00 UTC."""
BOTH = Look(frozenset({Column.TIME, Column.LEVEL}), time="utc")
PYTHON = "2026-11-21 11:59:59,140 INFO [backend.memory] stored 3 concepts"


def row(text: str, **changes: object) -> Row:
    """An entry of noon whose level was read from its text."""
    level = level_of(text)
    flags = Flag.NONE if level is None else Flag.READ
    made = Row(7, NOON, text, level or Severity.DEFAULT, flags, "r", "i", "stderr", 0, 0, "", math.nan, "")
    return made._replace(**changes)  # type: ignore[arg-type]


def shown(entry: Row, look: Look = BOTH, *, query: str = "") -> str:
    """What is shown behind the columns, line by line."""
    matcher = compiled(parse(query, now=NOON, zone=UTC)) if query else None
    made = LogLines(look, 120, marks=matcher.marks if matcher else no_marks)
    columns = len(made.line(entry._replace(id=8, text="", flags=Flag.NONE), 0, "t").text)
    first, *others = (made.line(entry, part, "t").text for part in range(made.count(entry)))
    return "\n".join([first[columns:].strip(), *(line.strip() for line in others)])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (PYTHON, "[backend.memory] stored 3 concepts"),
        ("2026-11-21T12:00:01.5Z ERROR boom", "boom"),
        ("[2026-11-21 12:00:00 +0000] [7] [INFO] Booting worker", "[7] [INFO] Booting worker"),
        ("2026-11-21T14:00:00+02:00 WARNING: slow", "slow"),
        ("2026-11-21 12:00:00,000 - backend.neo - INFO - up", "backend.neo - INFO - up"),
        ("2026-11-21 12:00:00 | ERROR | main:run:7 | no", "main:run:7 | no"),
        ("INFO:     Application startup complete.", "Application startup complete."),
        ("[WARN] low on memory", "low on memory"),
    ],
)
def test_a_time_and_a_level_are_not_said_twice(text: str, left: str) -> None:
    assert shown(row(text)) == left


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21 11:59:57,999 INFO too early",
        "2026-11-21 13:00:00,000 INFO of another zone, perhaps",
        "2026-02-31 12:00:00 INFO no such day",
        "[2026-11-21 12:00:00 backend] INFO half a bracket",
        "2026-11-21 12:00:00",
        "2026-11-21 12:00:00   ",
        "INFO desk opened",
        "FATAL: worse than critical",
        "INFO:root:without a gap",
        "the 2026-11-21 12:00:00 INFO inside",
    ],
)
def test_what_is_another_time_or_no_preamble_stays(text: str) -> None:
    assert shown(row(text)) == text.strip()


def test_a_minus_behind_a_time_stays() -> None:
    assert shown(row("2026-11-21 12:00:00 -5 degrees")) == "-5 degrees"


def test_a_level_stays_where_the_entry_has_it_from_elsewhere() -> None:
    said = "INFO [backend.memory] stored 3 concepts"
    assert shown(row(PYTHON, flags=Flag.NONE)) == said
    assert shown(row(PYTHON, severity=Severity.ERROR)) == said
    request = row(PYTHON, method="GET", status=200)
    assert shown(request).endswith(PYTHON)
    assert shown(row(PYTHON, flags=Flag.GAP)) == PYTHON


def test_what_no_column_says_stays() -> None:
    assert shown(row(PYTHON), Look(frozenset({Column.TIME}), time="utc")).startswith("INFO [backend")
    assert shown(row(PYTHON), Look(frozenset({Column.LEVEL}), time="utc")) == PYTHON
    assert shown(row(PYTHON), Look(BOTH.columns, time="delta")) == PYTHON
    assert shown(row(PYTHON), Look(frozenset())) == PYTHON


def test_only_the_first_line_has_a_preamble() -> None:
    entry = row(f"{PYTHON}\n{PYTHON}")
    assert shown(entry) == "[backend.memory] stored 3 concepts ⏎ 2 lines"
    assert shown(entry, replace(BOTH, wrap=True)).split("\n") == [PYTHON[29:], PYTHON]
    raised = row(f"{PYTHON}\n{PYTHON} twice", flags=Flag.READ | Flag.TRACEBACK)
    assert shown(raised).startswith("[backend.memory] stored 3 concepts ⏎ 2 lines 2026-11-21")


@pytest.mark.parametrize(
    ("query", "marked", "text"),
    [
        ("concepts", ["concepts"], PYTHON[29:]),
        ("info", ["INFO"], PYTHON),
        ("/INFO .back/", ["INFO [back"], PYTHON),
        (r"/\d concepts/", ["3 concepts"], PYTHON[29:]),
        (r"/^.backend/", [], PYTHON[29:]),
    ],
)
@pytest.mark.parametrize("wrap", [False, True])
def test_what_is_looked_for_is_shown_and_marked_in_its_place(
    query: str, marked: list[str], text: str, *, wrap: bool
) -> None:
    look, entry = replace(BOTH, wrap=wrap), row(PYTHON)
    assert shown(entry, look, query=query) == text
    matcher = compiled(parse(query, now=NOON, zone=UTC))
    assert matcher is not None
    line = LogLines(look, 120, marks=matcher.marks).line(entry, 0, "t")
    assert [span.text for span in line.spans if "reverse" in span.role] == marked


def test_what_is_copied_has_all_of_it() -> None:
    assert as_copied(row(PYTHON)).endswith(PYTHON)


PIECES = st.sampled_from(
    ["2026-11-21 12:00:00", ",5", "Z", " ", "INFO", "[", "]", ":", " - ", "+02:00", "\n", "x", "ERROR", "\t", "|"]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_is_left_out_is_a_time_of_the_entry_and_its_level(text: str) -> None:
    entry = row(text)
    hidden = text[: preamble(entry, timed=True, levelled=True)]
    assert "\n" not in hidden
    assert "x" not in hidden
    assert not hidden or text[len(hidden) :].strip()
    assert hidden.count("INFO") + hidden.count("ERROR") <= 1
    assert all(word not in hidden or entry.severity.name == word for word in ("INFO", "ERROR"))
    assert preamble(entry._replace(time=NOON + 2 * NEAR), timed=True, levelled=False) == 0 or "+02" in hidden
