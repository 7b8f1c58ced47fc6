"""The digest on a screen: sentences that wrap, tables that line up, and nothing that drives a terminal."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from cockpit.logs.entry import Record, Severity
from cockpit.text import clean, width
from cockpit.tui.lines import Line, Span
from cockpit.tui.views.digest import digest_lines
from cockpit.tui.views.digest_tables import Tables
from tests.logs.digested import CANARY, PAIR, STABLE, digest_of, error, platform, request
from tests.logs.logged import NOON, SECOND

if TYPE_CHECKING:
    from cockpit.logs.digest.result import Digest

STARTED = "Starting new instance. Reason: AUTOSCALING - Instance started"


def records(revision: str = STABLE, *, boom: str = "boom") -> list[Record]:
    """A request, a probe, an error and a crash of one revision."""
    instance = f"{revision}-0123456789abcdef"
    return [
        request("/api/chat", latency=0.25, revision=revision, instance=instance),
        request("/.env", 404, latency=0.01, at=1, revision=revision, instance=instance),
        error(boom, at=2, revision=revision, instance=instance),
        platform(STARTED, at=3, revision=revision, instance=instance),
        platform("Container called exit(1).", Severity.WARNING, at=4, revision=revision, instance=instance),
    ]


def digest(*rows: Record) -> Digest:
    """The digest of two revisions side by side."""
    return digest_of(rows, compared=PAIR)


def shown(found: Digest, cells: int = 100) -> tuple[Line, ...]:
    """The lines, revisions by their short names, times in a zone two hours ahead."""
    zone = timezone(timedelta(hours=2))
    return digest_lines(found, lambda name: name.removeprefix("app-"), zone, cells)


def test_sentences_come_first_and_carry_shapes_and_roles() -> None:
    lines = shown(digest(*records(), *records(CANARY, boom="column vanished")))
    first = lines[0]
    assert first.spans[0] == Span(" ✗ ", "bad")
    assert first.text.startswith(" ✗ 1 error template is new in 00279-kub: “column vanished”; never seen in 5 ent")
    titles = [line.spans[0].text for line in lines if line.spans and line.spans[0].role == "bold"]
    assert titles == [" Errors", " Endpoints", " Scanners", " Instances", " Instances in trouble"]


def test_columns_line_up_and_empty_ones_are_left_out() -> None:
    lines = shown(digest(*records(), *records(CANARY)))
    texts = [line.text for line in lines]
    at = texts.index(" Endpoints")
    head, stable, canary = texts[at + 1 : at + 4]
    assert "3XX" not in head
    assert head.index("REVISION") == stable.index("00275-2jb") == canary.index("00279-kub")
    assert head.index("REQUESTS") + len("REQUESTS") == stable.index(" 1 ") + 2
    assert len(head) == len(stable) == len(canary)


def test_times_are_of_the_readers_zone() -> None:
    lines = [line.text for line in shown(digest(*records()))]
    assert any("00:13:22" in line for line in lines)
    tables = Tables(digest(*records()), str, UTC)
    assert tables.moment(NOON) == "22:13:20"
    assert tables.moment(NOON, dated=True) == "2023-11-14 22:13:20"


def test_days_are_told_where_there_are_several() -> None:
    late = [record._replace(time=record.time + 86_400 * SECOND) for record in records()]
    assert Tables(digest(*records(), *late), str, UTC).moment(NOON) == "2023-11-14 22:13:20"


@given(st.text(), st.integers(20, 120))
def test_no_text_reaches_a_line_uncleaned_and_sentences_keep_their_width(text: str, cells: int) -> None:
    hostile = f"\x1b]0;{text}\x07"
    rows = [record._replace(revision=f"r{text}", instance=text) for record in records(boom=hostile)]
    lines = shown(digest(*rows, *records(CANARY)), cells)
    assert all(clean(line.text) == line.text for line in lines)
    sentences = lines[: next(at for at, line in enumerate(lines) if not line.spans)]
    assert all(width(line.text) <= cells for line in sentences)


def test_nothing_makes_one_sentence() -> None:
    assert [line.text for line in shown(digest())] == [" ! no entries: nothing can be said"]


def test_errors_and_answered_probes_know_an_entry_that_shows_them() -> None:
    answered = request("/.git/config", 200, revision=CANARY)
    found = digest(*records(), *records(CANARY, boom="column vanished"), answered)
    by_key: dict[str, list[str]] = {}
    for each in shown(found, 200):
        by_key.setdefault(each.key, []).append(each.text)
    new, old = found.errors.templates
    [probe] = (each.answered[0].example for each in found.probes if each.answered)
    assert [text[:5] for text in by_key.pop(str(new.example))] == [" ✗ 1 ", " new "]
    assert ["boom" in text for text in by_key.pop(str(old.example))] == [True]
    sentence, row = by_key.pop(str(probe))
    assert sentence.startswith(" ✗ 1 of 3 requests")
    assert row.endswith("GET /.git/config 200 × 1")
    assert set(by_key) == {""}
