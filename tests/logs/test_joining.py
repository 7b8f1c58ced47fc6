"""Tracebacks that came line by line are one entry again; nothing else is."""

from __future__ import annotations

import traceback
from math import isnan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import Flag, Record, Severity
from cockpit.logs.joining import HOLD, MOST_LINES, MOST_OPEN, Joiner
from cockpit.logs.rowtext import MOST_TEXT
from cockpit.logs.severity import level_of

PLAIN = "INFO:     ready"


def record(text: str, at: int = 1, instance: str = "i", **fields: Any) -> Record:
    """A line of stderr as a source reads it."""
    level = level_of(text)
    read = Record(
        at, text, int(level or 0), int(Flag.READ) if level else 0, revision="r", instance=instance, log="stderr"
    )
    return read._replace(**fields)


def joined(lines: list[str], *, now: float = 0.0) -> list[tuple[Record, int]]:
    """What becomes of lines that come at once, each with its number as its payload."""
    joiner: Joiner[int] = Joiner()
    found = [each for at, text in enumerate(lines) for each in joiner.feed(record(text, at + 1), at, now)]
    return found + joiner.close()


def raised(of: BaseException) -> list[str]:
    """The traceback of an exception as a process writes it."""
    try:
        raise of
    except BaseException:
        return traceback.format_exc().rstrip("\n").split("\n")


def chained(*, explicitly: bool) -> list[str]:
    """The traceback of an exception that another one led to."""
    cause = ZeroDivisionError("division by zero")
    later = KeyError("a")
    try:
        raise cause
    except ZeroDivisionError:
        later.__cause__ = cause if explicitly else None
        later.__suppress_context__ = explicitly
        return raised(later)


def mistyped() -> list[str]:
    """The traceback of a line that is no Python."""
    try:
        compile("a b c", "app.py", "exec")
    except SyntaxError:
        return traceback.format_exc().rstrip("\n").split("\n")
    return []


DATABASE = [
    "Traceback (most recent call last):",
    '  File "/app/repo.py", line 33, in insert',
    "    row = await conn.fetchrow(INSERT_ORDER, *args)",
    "          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
    "  [Previous line repeated 3 more times]",
    "asyncpg.exceptions.ForeignKeyViolationError: insert or update on table violates a constraint",
    "DETAIL:  Key (client_id)=(12) is not present in table.",
]
JAVA = [
    'Exception in thread "main" java.lang.RuntimeException: failed',
    "\tat com.example.App.main(App.java:12) ~[app.jar:1.0]",
    "\tSuppressed: java.io.IOException: closing",
    "\t\tat com.example.App.close(App.java:30)",
    "Caused by: java.lang.IllegalStateException: inner",
    "\tat com.example.Inner.run(Inner.java:5)",
    "\t... 12 more",
]
GO = [
    "panic: runtime error: index out of range [5] with length 3",
    "",
    "goroutine 1 [running]:",
    "main.(*Server).handle(0xc000010000, {0x1, 0x2})",
    "\t/app/main.go:12 +0x1d",
    "created by net/http.(*Server).Serve in goroutine 1",
    "\t/usr/local/go/src/net/http/server.go:3285 +0x4b4",
    "exit status 2",
]
NODE = [
    "/app/server.js:10",
    "    throw new TypeError('x')",
    "    ^",
    "",
    "TypeError: x",
    "    at Object.<anonymous> (/app/server.js:10:9)",
    "    at async Promise.all (index 0) {",
    "  code: 'X'",
    "}",
    "",
    "Node.js v20.1.0",
]
TRACEBACKS = {
    "python": raised(ValueError("x")),
    "a bare exception": raised(KeyboardInterrupt()),
    "with a cause": chained(explicitly=True),
    "with a context": chained(explicitly=False),
    "a group": raised(ExceptionGroup("two", [ValueError("1"), TypeError("2")])),
    "a syntax error": mistyped(),
    "a script that is no Python": [
        '  File "/app/main.py", line 3',
        "    a b",
        "      ^",
        "SyntaxError: invalid syntax",
    ],
    "a database's": DATABASE,
    "java": JAVA,
    "java without a thread": ["java.lang.IllegalStateException: x", "\tat a.B.c(B.java:1)"],
    "go": GO,
    "go, fatal": ["fatal error: all goroutines are asleep - deadlock!", *GO[1:]],
    "node": NODE,
    "node, caught": NODE[4:9],
    "node, a module missing": [
        "Error: Cannot find module 'express'",
        "Require stack:",
        "- /app/server.js",
        "    at Module._resolveFilename (node:internal/modules/cjs/loader:1140:15)",
    ],
    "frames alone": NODE[5:7],
}


@pytest.mark.parametrize("name", TRACEBACKS)
def test_a_traceback_becomes_one_entry(name: str) -> None:
    lines = TRACEBACKS[name]
    before, whole, after = joined([PLAIN, *lines, PLAIN])
    assert whole[0].text == "\n".join(lines)
    assert whole[0].flags & (Flag.TRACEBACK | Flag.CUT | Flag.READ) == Flag.TRACEBACK | Flag.READ
    assert whole[0].severity >= Severity.ERROR
    assert (whole[0].time, whole[1]) == (2, 1)
    assert [before[0].text, after[0].text] == [PLAIN, PLAIN]


@pytest.mark.parametrize("name", sorted(TRACEBACKS.keys() - {"frames alone"}))
def test_two_of_them_in_a_row_are_two(name: str) -> None:
    lines = TRACEBACKS[name]
    assert [one.text for one, _ in joined([*lines, *lines])] == ["\n".join(lines)] * 2


@pytest.mark.parametrize("name", sorted(TRACEBACKS.keys() - {"frames alone", "a script that is no Python"}))
def test_an_entry_that_holds_a_whole_one_does_not_wait(name: str) -> None:
    joiner: Joiner[str] = Joiner()
    [(whole, payload)] = joiner.feed(record("\n".join(TRACEBACKS[name])), "payload", 0.0)
    assert whole.flags & Flag.TRACEBACK
    assert whole.severity >= Severity.ERROR
    assert (payload, len(joiner)) == ("payload", 0)


@pytest.mark.parametrize(
    "lines",
    [
        ["hello", "  indented", "", "world"],
        ["ValueError: alone", PLAIN],
        ["Error: no such option", "  try --help"],
        ["Traceback is a word", '  File "x"'],
        ["a message\nof two lines", "  and one more"],
        ["panicked", "at the disco"],
        ["/api/health", "http://host:80"],
    ],
)
def test_what_is_none_goes_through_unchanged(lines: list[str]) -> None:
    assert [one.text for one, _ in joined(lines)] == lines
    assert not any(one.flags & Flag.TRACEBACK for one, _ in joined(lines))


def test_nothing_waits_that_is_no_traceback() -> None:
    joiner: Joiner[int] = Joiner()
    assert [one.text for one, _ in joiner.feed(record(PLAIN), 1, 0.0)] == [PLAIN]
    assert len(joiner) == 0


def test_lines_of_other_instances_in_between_do_not_disturb() -> None:
    joiner: Joiner[int] = Joiner()
    found: list[tuple[Record, int]] = []
    for at, text in enumerate(DATABASE):
        for instance in ("i", "j", "k"):
            found += joiner.feed(record(PLAIN if instance == "k" else text, at, instance), at, 0.0)
    assert [one.text for one, _ in found] == [PLAIN] * len(DATABASE)
    assert {(one.instance, one.text) for one, _ in joiner.close()} == {
        ("i", "\n".join(DATABASE)),
        ("j", "\n".join(DATABASE)),
    }


def test_a_traceback_is_handed_on_when_nothing_comes_any_more() -> None:
    joiner: Joiner[int] = Joiner()
    for text in DATABASE:
        assert joiner.feed(record(text), 0, 10.0) == []
    assert joiner.flush(10.0 + HOLD - 0.01) == []
    [(whole, _)] = joiner.flush(10.0 + HOLD)
    assert whole.text == "\n".join(DATABASE)
    assert not whole.flags & Flag.CUT
    assert joiner.flush(99.0) == []


def test_a_line_that_comes_too_late_belongs_to_no_traceback() -> None:
    joiner: Joiner[int] = Joiner()
    joiner.feed(record(DATABASE[0]), 0, 0.0)
    joiner.feed(record(DATABASE[1]), 1, 0.0)
    found = joiner.feed(record("    late()"), 2, HOLD)
    assert [(one.text, bool(one.flags & Flag.CUT)) for one, _ in found] == [
        ("\n".join(DATABASE[:2]), True),
        ("    late()", False),
    ]


@pytest.mark.parametrize("seen", [1, 3, 5])
def test_one_whose_end_is_missing_is_cut(seen: int) -> None:
    whole, after = joined([*DATABASE[:seen], PLAIN])
    assert whole[0].text == "\n".join(DATABASE[:seen])
    assert whole[0].flags & Flag.CUT
    assert after[0].text == PLAIN


def test_a_severity_that_was_given_stays() -> None:
    joiner: Joiner[int] = Joiner()
    for text in DATABASE:
        joiner.feed(record(text, severity=int(Severity.WARNING), flags=0), 0, 0.0)
    [(whole, _)] = joiner.close()
    assert (whole.severity, whole.flags) == (Severity.WARNING, Flag.TRACEBACK)


def test_a_request_in_between_does_not_disturb() -> None:
    joiner: Joiner[int] = Joiner()
    request = record("/x:1", status=200)
    for text in DATABASE:
        assert joiner.feed(record(text), 0, 0.0) == []
        assert joiner.feed(request, 1, 0.0) == [(request, 1)]
    assert [one.text for one, _ in joiner.close()] == ["\n".join(DATABASE)]


def test_a_traceback_without_an_end_is_bounded() -> None:
    found = joined([DATABASE[0], *["    again()"] * (MOST_LINES * 2)])
    assert sum(one.text.count("\n") + 1 for one, _ in found) == MOST_LINES * 2 + 1
    assert max(one.text.count("\n") for one, _ in found) < MOST_LINES
    assert found[0][0].flags & Flag.CUT
    found = joined([DATABASE[0], *["    " + "x" * 10_000] * 50])
    assert max(len(one.text) for one, _ in found) < MOST_TEXT


def test_as_many_are_open_as_may_be() -> None:
    joiner: Joiner[int] = Joiner()
    found: list[tuple[Record, int]] = []
    for at in range(MOST_OPEN + 3):
        found += joiner.feed(record(DATABASE[0], instance=str(at)), at, 0.0)
    assert [(one.instance, bool(one.flags & Flag.CUT)) for one, _ in found] == [
        ("0", True),
        ("1", True),
        ("2", True),
    ]
    assert len(joiner) == MOST_OPEN


UNITS = ["(", "a", "A.", "a/", "/1:", "\n", "\n ", " ", "\t(", "[", "[a](", '"a', "Error", ":1", "0x("]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    "begin", ["", DATABASE[0], JAVA[1], JAVA[4], GO[0], NODE[0], "  + Exception Group Traceback"]
)
def test_what_repeats_takes_no_time(unit: str, begin: str) -> None:
    """A pattern that looks at a text over and over would never come back."""
    long = unit * (MOST_TEXT // len(unit))
    lines = [begin, long, f"x{long}"]
    told = "".join(one.text for one, _ in joined(lines))
    assert told.replace("\n", "") == "".join(lines).replace("\n", "")


LINES = st.sampled_from([*DATABASE, *JAVA, *GO, *NODE, PLAIN, "", "  x", "during"])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(LINES, st.sampled_from("ij"), st.floats(0, 0.4)), max_size=40))
def test_no_line_is_lost_or_comes_twice(lines: list[tuple[str, str, float]]) -> None:
    joiner: Joiner[int] = Joiner()
    found: list[tuple[Record, int]] = []
    now = 0.0
    for at, (text, instance, later) in enumerate(lines):
        now += later
        found += joiner.feed(record(text, at + 1, instance), at, now) + joiner.flush(now)
    found += joiner.close()
    assert all(isnan(one.latency) for one, _ in found)
    for instance in "ij":
        ours = sorted((one.time, one.text) for one, _ in found if one.instance == instance)
        told = [line for _, text in ours for line in text.split("\n") if line]
        assert told == [text for text, whose, _ in lines if whose == instance and text]
