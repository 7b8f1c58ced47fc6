"""What a digest says in sentences."""

from __future__ import annotations

import pytest

from cockpit.logs.digest.facts import Tone, counted, facts, milliseconds
from cockpit.logs.entry import Flag, Record, Severity
from tests.logs.digested import CANARY, PAIR, STABLE, digest_of, error, line, platform, request

STARTED = "Starting new instance. Reason: AUTOSCALING - Instance started"
READY = "Default STARTUP TCP probe succeeded after 1 attempt for container."
SCANNED = ("/.env", "/phpinfo.php", "/.git/config")
PATTERNS = (r"(\w+) ready",)


def said(*records: Record, **options: object) -> list[tuple[Tone, str]]:
    """The facts of some entries, revisions by their short names."""
    digest = digest_of(records, **options)
    return [(fact.tone, fact.text) for fact in facts(digest, lambda name: name.removeprefix("app-"))]


def test_nothing_is_said_of_nothing() -> None:
    assert said() == [(Tone.ODD, "no entries: nothing can be said")]


def test_new_errors_come_first_and_say_what_they_stand_on() -> None:
    rows = [*[line("hello")] * 1200, error("column vanished", revision=CANARY)]
    assert said(*rows, compared=PAIR)[:2] == [
        (
            Tone.BAD,
            "1 error template is new in 00279-kub: “column vanished”; never seen in 1,200 entries of 00275-2jb",
        ),
        (Tone.PLAIN, "1 error of 1 kind: 0 in 00275-2jb, 1 in 00279-kub"),
    ]


def test_several_new_errors_are_counted_and_the_most_frequent_is_named() -> None:
    rows = [error(text, revision=CANARY) for text in ("a b", "c d", "c d", "e f")]
    [(tone, text), *_] = said(*rows, line("hello"), compared=PAIR)
    assert tone is Tone.BAD
    assert text.startswith("3 error templates are new in 00279-kub, most often “c d”; never seen in 1 entry of")


def test_no_new_error_is_good_only_where_both_were_seen() -> None:
    good = (Tone.GOOD, "no error template is new in 00279-kub")
    assert good in said(line("hello"), line("hello", revision=CANARY), compared=PAIR)
    assert said(line("hello"), compared=PAIR) == [
        (Tone.ODD, "00279-kub has no entries: nothing can be said of it"),
        (Tone.ODD, "00275-2jb: no requests"),
    ]
    assert said(error("boom", revision=CANARY), compared=PAIR)[0] == (
        Tone.ODD,
        "00275-2jb has no entries: nothing can be called new",
    )


def test_requests_are_told_with_failures_and_p95() -> None:
    rows = [request("/", latency=0.2)] * 19 + [request("/", 500, latency=0.2)]
    assert said(*rows)[1] == (Tone.PLAIN, "20 requests, 5.0 % answered with 5xx, P95 200 ms")
    both = said(*rows, request(revision=CANARY), compared=PAIR)
    assert (Tone.PLAIN, "00279-kub: 1 request, 0.0 % answered with 5xx") in both


def test_scanners_that_were_turned_away_are_told_in_one_sentence() -> None:
    paths = [*SCANNED * 61, "/.env"]
    rows = [request(path, 404 if at % 2 else 405) for at, path in enumerate(paths)]
    [(tone, text)] = [each for each in said(*rows) if ".env" in each[1]]
    assert (tone, text) == (Tone.GOOD, "184 requests for .env, Git and PHP paths, all 404/405")


def test_scanners_that_were_answered_stand_out() -> None:
    rows = [request("/.env", 404), request("/.env", 200), request("/.git/config", 404)]
    assert (Tone.BAD, "1 of 3 requests for .env and Git paths was answered, not turned away") in said(*rows)


def test_scanners_without_a_status_are_not_said_to_be_turned_away() -> None:
    assert (Tone.GOOD, "2 requests for Git paths, all 404, 1 without a status") in said(
        request("/.git/config", 404), request("/.git/config", 0)
    )


def test_lives_of_instances_are_told_by_revision() -> None:
    rows = [
        platform(STARTED, at=0, instance="i1"),
        platform(READY, at=2, instance="i1"),
        platform("Container called exit(1).", Severity.WARNING, at=9, instance="i1"),
        platform(STARTED, at=10, instance="i2"),
        platform(READY, at=14, instance="i2"),
        platform(STARTED, at=10, instance="i3", revision=CANARY),
    ]
    assert [each for each in said(*rows) if "start" in each[1]] == [
        (Tone.BAD, "00275-2jb: 2 starts, 1 crash, 1 restart, ready after 3.0 s (median of 2)"),
        (Tone.PLAIN, "00279-kub: 1 start"),
    ]


def test_components_that_the_canary_does_not_announce_are_named() -> None:
    rows = [
        platform(STARTED, at=0, instance="i1"),
        line("cache ready", at=1, instance="i1"),
        line("pool ready", at=1, instance="i1"),
        platform(STARTED, at=0, instance="i2", revision=CANARY),
        line("pool ready", at=1, instance="i2", revision=CANARY),
    ]
    fact = (Tone.ODD, "announced in 00275-2jb and not in 00279-kub: cache")
    assert fact in said(*rows, compared=PAIR, components=PATTERNS)
    assert fact not in said(*rows[1:], compared=PAIR, components=PATTERNS)


def test_what_is_missing_is_said() -> None:
    gap = Record(line("x").time, "at least 120 entries left out", flags=Flag.GAP, revision=STABLE)
    assert (Tone.ODD, "entries are missing in 1 place: the log has gaps") in said(line("hello"), gap)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0008, "0.8 ms"),
        (0.00996, "10 ms"),
        (0.208, "208 ms"),
        (1.2, "1.20 s"),
        (12.3, "12 s"),
        (67, "1 min 7 s"),
    ],
)
def test_latencies_in_words(seconds: float, text: str) -> None:
    assert milliseconds(seconds) == text


def test_counts_in_words() -> None:
    words = ["1 crash", "0 crashes", "1,204 crashes"]
    assert [counted(count, "crash", "crashes") for count in (1, 0, 1204)] == words
