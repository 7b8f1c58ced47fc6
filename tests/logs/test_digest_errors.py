"""Errors by kind: what is one kind and what is another, what is new in the canary, and what is let go of."""

from __future__ import annotations

import random

import pytest

from cockpit.logs.digest import errors
from cockpit.logs.digest.digester import ROWS_A_STEP
from cockpit.logs.digest.result import Errors, of
from cockpit.logs.entry import Flag, Record, Severity
from tests.logs.digested import CANARY, PAIR, STABLE, digest_of, error, line, platform, request
from tests.logs.logged import NOON, SECOND

TRACEBACK = """Traceback (most recent call last):
  File "/app/backend/api.py", line {line}, in {function}
    answer()
backend.errors.ProviderError: {message}"""


def errors_of(*records: Record, **options: object) -> Errors:
    """The errors among some entries."""
    return digest_of(records, **options).errors


def traceback(message: str, function: str = "respond", number: int = 17, **rest: object) -> Record:
    """A traceback of the service."""
    text = TRACEBACK.format(line=number, function=function, message=message)
    return error(text, flags=Flag.TRACEBACK, **rest)


def test_messages_that_differ_in_numbers_and_names_are_one_kind() -> None:
    users = ("bob", "alice", "amélie", "jean-françois")
    rows = [
        error(f"2025-10-10 02:12:27,{at:03} ERROR [backend.api] order {at} of user {users[at % 4]} failed", at=at)
        for at in range(40)
    ]
    [template] = errors_of(*rows).templates
    assert template.text == "[backend.api] order <num> of user <*> failed"
    assert (template.count, template.severity) == (40, Severity.ERROR)
    assert (template.first, template.last) == (NOON, NOON + 39 * SECOND)
    assert template.example == 39


def test_other_messages_are_other_kinds_and_the_most_frequent_stands_first() -> None:
    found = errors_of(error("pool is empty"), *[error("disk is full: /var/data")] * 3, error("out of memory"))
    assert [(each.text, each.count) for each in found.templates] == [
        ("disk is full: /var/data", 3),
        ("out of memory", 1),
        ("pool is empty", 1),
    ]
    assert (found.count, found.rest) == (5, 0)


def test_a_traceback_is_told_by_what_was_raised_and_where() -> None:
    rows = [traceback(f"provider timeout after {seconds} s", number=seconds) for seconds in range(3)]
    found = errors_of(*rows, traceback("provider timeout after 3 s", "warm"))
    assert [(each.text, each.frame, each.count) for each in found.templates] == [
        ("backend.errors.ProviderError: provider timeout after <num> s", "backend/api.py in respond", 3),
        ("backend.errors.ProviderError: provider timeout after <num> s", "backend/api.py in warm", 1),
    ]


def test_the_line_that_was_logged_with_a_traceback_belongs_to_it() -> None:
    rows = [
        error("POST /api/chat failed: no answer", at=1.0),
        error("disk is full", at=1.0, instance="i2"),
        traceback("no answer", at=1.001),
        error("POST /api/chat failed: no answer", at=2.0),
        traceback("something else", at=3.0),
    ]
    found = errors_of(*rows)
    assert {(each.text, each.count) for each in found.templates} == {
        ("disk is full", 1),
        ("backend.errors.ProviderError: no answer", 1),
        ("POST /api/chat failed: no answer", 1),
        ("backend.errors.ProviderError: something else", 1),
    }
    assert found.count == 4


def test_what_is_new_in_the_canary_stands_first() -> None:
    rows = [
        *[error("pool is empty")] * 50,
        *[error("pool is empty", revision=CANARY)] * 9,
        *[error("column vanished: price", revision=CANARY)] * 2,
        *[error("certificate expires soon")] * 3,
    ]
    found = errors_of(*rows, compared=PAIR)
    assert [(each.text, each.new, each.gone) for each in found.templates] == [
        ("column vanished: price", True, False),
        ("pool is empty", False, False),
        ("certificate expires soon", False, True),
    ]
    assert of(found.templates[1].by_revision, STABLE) == 50
    assert of(found.templates[1].by_revision, CANARY) == 9
    assert dict(found.by_revision) == {STABLE: 53, CANARY: 11}


@pytest.mark.parametrize("revision", [STABLE, CANARY])
def test_nothing_is_new_or_gone_where_one_of_the_two_was_not_seen(revision: str) -> None:
    [found] = errors_of(error("column vanished", revision=revision), compared=PAIR).templates
    assert not found.new
    assert not found.gone


def test_warnings_count_where_they_are_asked_for() -> None:
    rows = [error("pool is empty"), line("slow query (812 ms)", Severity.WARNING), line("hello")]
    assert [each.text for each in errors_of(*rows).templates] == ["pool is empty"]
    both = errors_of(*rows, least=Severity.WARNING).templates
    assert {(each.text, each.severity) for each in both} == {
        ("pool is empty", Severity.ERROR),
        ("slow query (<num> ms)", Severity.WARNING),
    }


def test_a_failed_request_is_an_error_only_in_what_the_platform_says_of_it() -> None:
    said = "The request was aborted because there was no available instance."
    found = errors_of(request("/a", 500), request("/a", 503, said=said), platform("probe failed", Severity.ERROR))
    assert {each.text for each in found.templates} == {said, "probe failed"}


def test_the_order_of_entries_makes_no_difference() -> None:
    words = ("pool", "disk", "cache", "queue")
    rows = [
        error(f"{word} of {name} is not there since {at} s", at=at, revision=(STABLE, CANARY)[at % 2])
        for at, (word, name) in enumerate((word, name) for word in words for name in ("a", "b", "c", "d", "e"))
    ]
    wanted = errors_of(*rows, compared=PAIR)
    shuffled = random.Random(5).sample(rows, len(rows))
    found = errors_of(*shuffled, compared=PAIR)
    examples = [each.example for each in found.templates]
    assert [shuffled[at].time for at in examples] == [each.last for each in wanted.templates]
    assert [(*vars_of(each),) for each in found.templates] == [(*vars_of(each),) for each in wanted.templates]


def vars_of(template: object) -> tuple[object, ...]:
    """All of a template but its example, which is numbered by arrival."""
    names = ("text", "frame", "severity", "count", "by_revision", "first", "last", "new", "gone")
    return tuple(getattr(template, name) for name in names)


def words_of(number: int) -> str:
    """A word for a number, without digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:05}")


def test_kinds_without_end_take_bounded_room_and_the_frequent_ones_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "MOST_KINDS", 50)
    rows = []
    for number in range(6000):
        rows.append(error(f"{words_of(number)} {words_of(number * 7)} {words_of(number * 13)}"))
        if number % 10 == 0:
            rows.append(error("pool is empty"))
    found = errors_of(*rows)
    assert len(found.templates) < 50 + ROWS_A_STEP
    assert found.templates[0].text == "pool is empty"
    assert found.templates[0].count == 600
    assert found.count == 6600 == found.rest + sum(each.count for each in found.templates)


def test_too_many_kinds_that_are_alike_are_merged_and_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "MOST_KINDS", 50)
    found = errors_of(*(error(f"user {words_of(number)} has no room left") for number in range(3000)))
    assert [(each.text, each.count) for each in found.templates] == [("user <*> has no room left", 3000)]
    assert found.rest == 0
