"""What a query finds: in tables, and against an evaluation that is too simple to be wrong."""

from __future__ import annotations

import math
import re
from datetime import UTC
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.logs.entry import NO_LATENCY, Flag, Record, Row, Severity
from cockpit.logs.names import Names
from cockpit.logs.query.compile import compiled
from cockpit.logs.query.nodes import (
    And,
    Form,
    Latency,
    Leaf,
    Level,
    Moment,
    Name,
    Node,
    Not,
    Or,
    Query,
    Status,
    Text,
    Trace,
)
from cockpit.logs.query.parse import parse
from cockpit.logs.segment import SegmentBuilder
from cockpit.logs.store import LogStore
from tests.logs.queried import JB, KUB, NOW, TREES, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SECOND = 1_000_000_000
ABOUT, MEMORY = "5d9dc9f818", "5d9dc9f818e811892f902bd23f0824aa"
TRACEBACK = 'Traceback (most recent call last):\n  File "x.py"\nValueError: Timeout'
PAGE = "/api/memory 10.0.0.2"
ANALYSIS = "/api/memory/analyze?x=1 10.0.0.2  upstream timeout"
RECORDS = (
    Record(NOW - 9 * SECOND, "INFO ready", 2, 0, KUB, "00aa", "stderr"),
    Record(NOW - 8 * SECOND, "/api/health 10.0.0.1", 2, 0, KUB, "00aa", "requests", ABOUT, 200, "GET"),
    Record(NOW - 7 * SECOND, ANALYSIS, 5, 0, KUB, "00ab", "requests", MEMORY, 500, "POST", 1.25, "curl/8.5.0"),
    Record(NOW - 6 * SECOND, PAGE, 4, 0, JB, "00bb", "requests", "ff00", 404, "GET", 0.1, "Mozilla/5.0 (X11)"),
    Record(NOW - 5 * SECOND, TRACEBACK, Severity.ERROR, Flag.TRACEBACK, JB, "00bb", "stderr"),
    Record(NOW - 4 * SECOND, "key not found: GET", Severity.DEFAULT, 0, JB, "", "stdout"),
    Record(NOW, "Starting new instance. é", Severity.NOTICE, 0, "", "", "varlog/system"),
)


def stored(records: Sequence[Record]) -> LogStore:
    """The records in segments of three."""
    names = Names()
    store = LogStore(names, most=10_000, most_bytes=1 << 30)
    for start in range(0, len(records), 3):
        builder = SegmentBuilder(names)
        for record in records[start : start + 3]:
            builder.add(record)
        store.append(builder.build())
    return store


def found(query: Query, store: LogStore) -> list[int]:
    """The ids of the rows that a query finds."""
    matcher = compiled(query)
    ids: list[int] = []
    for base, segment in store.segments():
        if matcher is None:
            ids += range(base, base + len(segment))
        else:
            ids += (base + np.flatnonzero(matcher.matches(segment, store.names))).tolist()
    return ids


STORE = stored(RECORDS)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [0, 1, 2, 3, 4, 5, 6]),
        # Case is ignored while all is in small letters.
        ("timeout", [2, 4]),
        ("Timeout", [4]),
        ("info", [0]),
        ("é", [6]),
        ("not found", [5]),
        ('"memory 10"', [3]),
        ('"upstream timeout"', [2]),
        ("/value.*timeout/", [4]),
        (r"/^\S+error/", []),
        (r"/^Trace/", [4]),
        (r"/é$/", [6]),
        # A word that is a method finds its requests, and the text.
        ("GET", [1, 3, 5]),
        ("get", [1, 3, 5]),
        ('"GET"', [5]),
        ("severity>=ERROR", [2, 4]),
        ("severity>=warn severity<error", [3]),
        ("severity=default", [5]),
        ("severity!=info", [2, 3, 4, 5, 6]),
        ("revision:00279", [0, 1, 2]),
        ("revision:KUB", [0, 1, 2]),
        ("revision=00279-kub", []),
        ("revision:*-2jb", [3, 4, 5]),
        ("revision:emergence-*-kub", [0, 1, 2]),
        # What has no revision is not another one; it is without this one.
        (f"revision!={KUB}", [3, 4, 5]),
        ("-revision:00279", [3, 4, 5, 6]),
        ("instance:00a", [0, 1, 2]),
        ("instance=00aa", [0, 1]),
        ("status>=500", [2]),
        ("status:4xx", [3]),
        ("status<500", [1, 3]),
        ("status!=200", [2, 3]),
        ("-status:200", [0, 2, 3, 4, 5, 6]),
        ("method:GET", [1, 3]),
        ("method:p", [2]),
        ("path:/api/memory", [2, 3]),
        ("path=/api/memory", [3]),
        ("path:/api/*", [1, 2, 3]),
        ("path:*/memory", [3]),
        ("path:/API/*/analyze", [2]),
        ("path:10.0.0", []),
        ("path:analyze?x=1", [2]),
        ("path!=/api/health", [2, 3]),
        ("-path:/api", [0, 4, 5, 6]),
        ("latency>1s", [2]),
        ("latency>=100ms", [2, 3]),
        ("latency>100ms", [2]),
        ("latency<1s", [3]),
        ("-latency>1s", [0, 1, 3, 4, 5, 6]),
        ("trace:5d9d", [1, 2]),
        ("trace:5d9dc9f818e811892f902bd23f0824aa", [2]),
        ("trace:0", []),
        ("log:std", [0, 4, 5]),
        ("log:varlog/system", [6]),
        ("log=system", []),
        ("agent:curl", [2]),
        ('agent:"(x11"', [3]),
        ("after:5s", [4, 5, 6]),
        ("before:5s", [0, 1, 2, 3]),
        ("after:8s before:6s", [1, 2]),
        ("timeout or status:404", [2, 3, 4]),
        ("(timeout or status:404) revision:2jb", [3, 4]),
        ("revision:2jb -timeout", [3, 5]),
        ("-(timeout or revision:2jb)", [0, 1, 6]),
        ("--timeout", [2, 4]),
    ],
)  # fmt: skip
def test_a_query_finds(text: str, ids: list[int]) -> None:
    assert found(parse(text, now=NOW, zone=UTC), STORE) == ids


@pytest.mark.parametrize(
    ("text", "needs_text"),
    [
        ("severity>=ERROR -revision:x (status:500 or latency>1s) trace:5d after:1h agent:x log:y", False),
        ("severity>=ERROR timeout", True),
        ("path:/api", True),
        ("-/x/", True),
    ],
)
def test_whether_texts_are_needed(text: str, needs_text: bool) -> None:
    matcher = compiled(parse(text, now=NOW, zone=UTC))
    assert matcher is not None
    assert matcher.needs_text is needs_text


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("time out", "a Timeout, out of time", ["Timeout", "out", "time"]),
        ("time -out", "a timeout", ["time"]),
        ("--time", "a timeout", ["time"]),
        ("-(a -time)", "a timeout", []),
        ("severity>=ERROR or time", "a timeout", ["time"]),
        ("/t.m/ or imeo", "a timeout", ["timeo"]),
        ("path:/api", "/api/x 1.2.3.4", []),
    ],
)
def test_marks_are_what_was_asked_for_without_overlaps(query: str, text: str, marked: list[str]) -> None:
    matcher = compiled(parse(query, now=NOW, zone=UTC))
    assert matcher is not None
    marks = list(matcher.marks(text))
    assert [text[start:end] for start, end in marks] == marked
    assert all(one[1] < other[0] for one, other in pairwise(marks))


def test_names_that_come_later_are_known() -> None:
    names = Names()
    matcher = compiled(parse("revision:b", now=NOW, zone=UTC))
    assert matcher is not None
    for revision, expected in (("a", False), ("b", True), ("ab", True), ("c", False)):
        builder = SegmentBuilder(names)
        builder.add(Record(NOW, "x", revision=revision))
        assert matcher.matches(builder.build(), names).tolist() == [expected]


# The same by rows, one after the other, in plain Python.

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def holds(node: Node, row: Row, trace: str) -> bool:
    match node:
        case And(parts):
            return all(holds(part, row, trace) for part in parts)
        case Or(parts):
            return any(holds(part, row, trace) for part in parts)
        case Not(part):
            return not holds(part, row, trace)
    return said(node, row, trace)


def said(leaf: Leaf, row: Row, trace: str) -> bool:
    match leaf:
        case Text(pattern, form):
            flags = re.DOTALL | (re.IGNORECASE if leaf.ignore_case else re.NOFLAG)
            regex = pattern if form is Form.REGEX else re.escape(pattern)
            is_method = form is Form.WORD and re.fullmatch(regex, row.method, flags) is not None
            return is_method or re.search(regex, row.text, flags) is not None
        case Name():
            return named(leaf, row)
        case Level(op, severity):
            return COMPARE[op](row.severity, severity)
        case Status("=" | "!=" as op, low, high):
            return row.status > 0 and (low <= row.status <= high) is (op == "=")
        case Status(op, low, _):
            return row.status > 0 and COMPARE[op](row.status, low)
        case Latency(op, seconds):
            return not math.isnan(row.latency) and COMPARE[op](row.latency, float(np.float32(seconds)))
        case Trace(digits):
            return bool(trace) and trace.startswith(digits)
        case Moment(side, at):
            return row.time < at if side == "before" else row.time >= at


def named(leaf: Name, row: Row) -> bool:
    if leaf.field == "path":
        name, is_there = re.split(r"[? ]", row.text)[0].lower(), row.is_request
    else:
        name = str(getattr(row, leaf.field)).lower()
        is_there = bool(name)
    value = leaf.value.lower()
    if "*" in value:
        is_it = re.fullmatch(".*".join(map(re.escape, value.split("*"))), name, re.DOTALL) is not None
    else:
        is_it = value in name if leaf.op == ":" else value == name
    return is_there and is_it is not (leaf.op == "!=")


TRACES = st.sampled_from(["", "5d9dc9f8", "5d00", "ff00"])
LOGGED = st.builds(
    Record,
    time=st.integers(NOW, NOW + 5),
    flags=st.just(0),
    text=st.lists(WORDS, max_size=3).map(" ".join) | st.just("x\ny"),
    severity=st.sampled_from(Severity),
    revision=st.sampled_from(["", KUB, JB]),
    instance=st.sampled_from(["", "00aa", "00ab"]),
    log=st.sampled_from(["stderr", "requests"]),
    trace=TRACES,
    status=st.sampled_from([0, 200, 404, 500]),
    method=st.sampled_from(["", "GET", "a"]),
    latency=st.sampled_from([NO_LATENCY, 0.1, 0.7, 2.0]),
    agent=st.sampled_from(["", "curl"]),
)


@given(st.lists(LOGGED, min_size=1, max_size=8), TREES)
def test_a_matcher_finds_what_a_simple_evaluation_finds(records: list[Record], node: Node) -> None:
    store = stored(records)
    expected = [id for id, record in enumerate(records) if holds(node, store.row(id), record.trace)]  # noqa: A001
    assert found(Query(node), store) == expected
