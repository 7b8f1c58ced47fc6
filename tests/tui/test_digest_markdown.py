"""A digest as Markdown: what was logged shows as it is, whatever it holds."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.text import clean
from cockpit.tui.views.digest_markdown import digest_markdown
from cockpit.tui.views.markdown import plain
from tests.logs.digested import CANARY, PAIR, digest_of, error, request


def markdown(*texts: str) -> str:
    """The digest of some requests and errors, as Markdown."""
    rows = [request("/api/chat", latency=0.25), request("/api/chat", 500, revision=CANARY, latency=0.5)]
    rows += [error(text, revision=CANARY) for text in texts]
    return digest_markdown(
        digest_of(rows, compared=PAIR), lambda name: name.removeprefix("app-"), UTC, "Digest · status>=500"
    )


def test_sentences_are_a_list_and_tables_are_tables() -> None:
    lines = markdown("boom").split("\n")
    assert lines[:3] == [
        "## Digest · status\\>=500",
        "",
        "3 entries from 22:13:20 to 22:13:20: 00275-2jb 1, 00279-kub 2",
    ]
    assert lines[4].startswith("- ✗ ")
    at = lines.index("### Endpoints")
    assert lines[at + 1 : at + 5] == [
        "",
        "| METHOD | PATH | REVISION | REQUESTS | 2XX | 5XX | AVG | MIN | P50 | P95 | P99 | MAX |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        "| GET | /api/chat | 00275-2jb | 1 | 100.0 % |  | 250 ms | 250 ms | 250 ms | 250 ms | 250 ms | 250 ms |",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("neo_analysis of __init__", "neo_analysis of \\_\\_init\\_\\_"),
        ("<num> a|b", "\\<num\\> a\\|b"),
        ("![x](http://evil) `rm`", "\\!\\[x\\](http://evil) \\`rm\\`"),
        ("a\nb\x1b[2J", "a␊b␛\\[2J"),
    ],
)
def test_what_was_logged_formats_nothing(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(max_size=40))
def test_every_line_of_a_table_has_as_many_cells(text: str) -> None:
    said = markdown(f"|{text}|")
    assert clean(said, newlines=True) == said
    table = said.partition("### Errors\n\n")[2].partition("\n\n")[0].split("\n")
    assert len({line.replace("\\\\", "").replace("\\|", "").count("|") for line in table}) == 1
