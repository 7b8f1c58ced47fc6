from __future__ import annotations

import random

import pytest

from benchmarks.payload import payload
from cockpit.metrics.exposed import Exposed, ExpositionError
from cockpit.metrics.exposition.reader import DEAD_AT_LEAST, DEAD_FOR_ONE_ALIVE, Reader
from cockpit.metrics.labels import Labels, notation

TEXT = "text/plain"
OPENMETRICS = "application/openmetrics-text"


def samples(exposed: Exposed) -> dict[Labels, float]:
    return {
        exposed.table.labels[at]: value for at, value in zip(exposed.ids, exposed.values.tolist(), strict=True)
    }


def test_a_warm_reader_says_what_a_cold_one_does() -> None:
    warm = Reader()
    first = warm.read(payload(1000, 0), TEXT)
    for moment in range(1, 4):
        exposed = warm.read(payload(1000, moment), TEXT)
        assert exposed.table is first.table
        assert exposed.ids.tolist() == first.ids.tolist()
        cold = Reader().read(payload(1000, moment), TEXT)
        assert samples(exposed) == samples(cold)
        assert exposed.families == cold.families


def test_lines_in_any_order_keep_their_numbers() -> None:
    draw, reader = random.Random(7), Reader()
    lines = [f'm{{a="{at}"}} {at}' for at in range(50)]
    for _ in range(20):
        draw.shuffle(lines)
        exposed = reader.read("\n".join(lines).encode())
        assert {notation(labels): value for labels, value in samples(exposed).items()} == {
            f'm{{a="{at}"}}': at for at in range(50)
        }
        assert len(exposed.table.labels) == 50


def test_series_that_vanish_and_come_back_are_the_same() -> None:
    reader = Reader()
    both = reader.read(b"a 1\nb 2\n")
    alone = reader.read(b"b 3\n")
    again = reader.read(b"c 5\na 4\nb NaN\n")
    assert alone.ids.tolist() == [both.ids[1]]
    assert again.ids.tolist()[1:] == both.ids.tolist()
    assert alone.table is again.table is both.table


@pytest.mark.parametrize(
    ("second", "values"),
    [
        (b"# c\nm 5\nn 6\n", [5, 6]),
        (b"# c\nm 5 1000\nn 6\n", [5, 6]),
        (b"# c\nm 5\t\nn 6\n", [5, 6]),
        (b"# c\nm  5\nn 6\n", [5, 6]),
        (b"# c\n\nm 5\nn 6\n", [5, 6]),
        (b"# changed\nm 5\nn 6\n", [5, 6]),
        (b"# cc\nm 5\nn 6\n", [5, 6]),
        (b"m 5\n# c\nn 6\n", [5, 6]),
        (b"# c\nm 5\nm 6\n", [5]),
        (b"# c\nm 5\n", [5]),
        (b"# c\nm 5\n\n", [5]),
    ],
)
def test_a_scrape_that_is_laid_out_otherwise_is_read_anew(second: bytes, values: list[float]) -> None:
    reader = Reader()
    reader.read(b"# c\nm 1\nn 2\n", TEXT)
    warm, cold = reader.read(second, TEXT), Reader().read(second, TEXT)
    assert warm.values.tolist() == cold.values.tolist() == values
    assert samples(warm) == samples(cold)
    assert (warm.comment, warm.stamps) == (cold.comment, cold.stamps)


@pytest.mark.parametrize(
    "line", [b"5", b"m", b"m x", b"m 1_0", b"m 1e400", b"m 0x1p3", b"m 5\r", b"m\xa05", b"m 5 x"]
)
def test_a_warm_reader_refuses_what_a_cold_one_does(line: bytes) -> None:
    reader = Reader()
    reader.read(b"# c\nm 1\nn 2\n", TEXT)
    body = b"# c\n" + line + b"\nn 2\n"
    with pytest.raises(ExpositionError) as warm:
        reader.read(body, TEXT)
    with pytest.raises(ExpositionError) as cold:
        Reader().read(body, TEXT)
    assert str(warm.value) == str(cold.value)
    assert warm.value.line == 2
    assert reader.read(b"# c\nm 1\nn 3\n", TEXT).values.tolist() == [1, 3]


def test_the_type_that_stands_before_a_bucket_counts_on_later_scrapes_too() -> None:
    reader = Reader()
    for kind, bound in (("histogram", "1.0"), ("gauge", "1"), ("histogram", "1.0")):
        exposed = reader.read(f'# TYPE h {kind}\nh_bucket{{le="1"}} 1\n'.encode(), TEXT)
        assert [notation(labels) for labels in samples(exposed)] == [f'h_bucket{{le="{bound}"}}']


def test_of_duplicates_the_first_counts_and_by_timestamp_the_newest() -> None:
    exposed = Reader().read(b'm{a="1",b=""} 1\nn 1 10\nm{a="1"} 2\nn 3 30\nn 2 20\no 9 5\n', TEXT)
    assert exposed.values.tolist() == [1, 3, 9]
    assert exposed.stamps == {1: 30, 2: 5}
    assert exposed.duplicates == 3


def test_a_target_that_changes_its_format_is_read_by_the_new_rules() -> None:
    reader = Reader()
    reader.read(b'm{a="1", b="2"} 1\n', TEXT)
    with pytest.raises(ExpositionError):
        reader.read(b'm{a="1", b="2"} 1\n# EOF\n', OPENMETRICS)
    assert len(reader.read(b'm{a="1",b="2"} 1\n# EOF\n', OPENMETRICS).ids) == 1


def test_labels_that_churn_do_not_grow_the_memory() -> None:
    reader, tables, longest = Reader(), set(), 0
    for scrape in range(60):
        body = "".join(f'm{{id="{scrape}-{at}"}} 1\n' for at in range(1000))
        exposed = reader.read(body.encode(), TEXT)
        assert len(exposed.ids) == 1000
        assert notation(exposed.table.labels[exposed.ids[-1]]) == f'm{{id="{scrape}-999"}}'
        tables.add(exposed.table)
        longest = max(longest, len(exposed.table.labels))
    assert longest <= DEAD_FOR_ONE_ALIVE * 1000 + DEAD_AT_LEAST + 1000
    assert 2 <= len(tables) <= 6


def test_comments_and_refused_bodies_do_not_grow_it_either() -> None:
    reader = Reader()
    tables = set()
    for scrape in range(30):
        remarks = "".join(f"# HELP m{at} {scrape}\n" for at in range(1000))
        tables.add(reader.read(f"{remarks}m 1\n".encode(), TEXT).table)
        with pytest.raises(ExpositionError):
            reader.read(("".join(f'm{{id="{scrape}-{at}"}} 1\n' for at in range(1000)) + "m x\n").encode(), TEXT)
    assert len(tables) > 1


def test_pairs_in_common_are_kept_once() -> None:
    exposed = Reader().read(b'a{job="web",i="1"} 1\nb{i="2",job="web"} 1\nc{job="web",i="\\n"} 1\n', TEXT)
    first, second, _ = (dict(labels) for labels in exposed.table.labels)
    assert first["job"] is second["job"]


def test_ids_are_not_to_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        Reader().read(b"m 1\n").ids[0] = 5
