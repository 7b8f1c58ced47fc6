"""One entry in full: as lines, as terms of the filter, and on the screen."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import Flag, Severity
from cockpit.logs.query.parse import parse
from cockpit.sources.errors import UnreadableError
from cockpit.tui.log_reader import LogReader
from cockpit.tui.screens.log_entry import LogEntryScreen
from cockpit.tui.terminal import CONTROLS
from cockpit.tui.views.log_entry import MOST_DEPTH, MOST_LINES, copied, entry_lines, path_text, value_at
from cockpit.tui.views.log_look import Look
from cockpit.tui.views.log_terms import beside, term
from tests.tui import staged
from tests.tui.shown import Shown, shown
from tests.tui.staged_logs import NOW, StagedLogs, entries, entry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

ENTRY = {
    "insertId": "a1",
    "jsonPayload": {"order": {"id": 3, "items": [1, {"sku": None}]}, "message": "one\n  two\nthree"},
    "severity": "ERROR",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


def texts(entry: Mapping[str, object], *folded: tuple[str | int, ...], cells: int = 60) -> list[str]:
    """The lines of an entry."""
    return [part.line.text.rstrip() for part in entry_lines(entry, cells, folded)]


def test_an_entry_is_indented_json_with_the_line_breaks_of_its_texts() -> None:
    assert texts(ENTRY) == [
        "▾ {",
        '    "insertId": "a1",',
        '▾   "jsonPayload": {',
        '▾     "order": {',
        '        "id": 3,',
        '▾       "items": [',
        "          1,",
        "▾         {",
        '            "sku": null',
        "          }",
        "        ]",
        "      },",
        '▾     "message": 3 lines',
        "      │ one",
        "      │   two",
        "      │ three",
        "    },",
        '    "severity": "ERROR"',
        "  }",
    ]


def test_what_is_folded_says_how_much_it_is() -> None:
    lines = texts(ENTRY, ("jsonPayload", "order"), ("jsonPayload", "message"))
    assert '▸     "order": { … 2 fields },' in lines
    assert '▸     "message": one ⏎ 3 lines' in lines
    long = texts({"a": "x" * 500}, ("a",))
    assert long[1].startswith('▸   "a": xxx')
    assert long[1].endswith("… ⏎ 500 characters")


@settings(max_examples=40)
@given(st.dictionaries(st.text(), JSON), st.integers(20, 90))
def test_every_line_fits_is_clean_and_knows_its_value(entry: dict[str, Any], cells: int) -> None:
    for part in entry_lines(entry, cells):
        assert not CONTROLS.search(part.line.text)
        value_at(entry, part.path)
        assert not CONTROLS.search(path_text(part.path))


def test_the_gigantic_and_the_endlessly_nested_are_bounded_and_say_so() -> None:
    nested: dict[str, object] = {}
    inner = nested
    for _ in range(500):
        inner["a"] = inner = {}
    lines = texts({"nested": nested, "text": "x" * 2_000_000, "list": list(range(100_000))}, cells=160)
    assert len(lines) == MOST_LINES + 1
    assert any("nested deeper than is shown" in line for line in lines)
    assert any("… 1,980,000 more characters" in line for line in lines)
    assert "fold what is above" in lines[-1]
    assert max(len(part.path) for part in entry_lines({"nested": nested}, 80)) == MOST_DEPTH
    with pytest.raises(ValueError, match="2,000,000 bytes"):
        copied("x" * 2_000_000)


def test_a_copy_is_the_text_itself_or_json_that_reads_back() -> None:
    assert copied("a\nb\x1b[2J") == "a\nb␛[2J"
    hostile = {"é": "\x1b\u202e\x9b", "n": 1}
    assert json.loads(copied(hostile)) == hostile
    assert not CONTROLS.search(copied(hostile).replace("\n", ""))
    assert copied({"é": 1}) == '{\n  "é": 1\n}'


def test_paths_read_as_people_write_them() -> None:
    assert path_text(("jsonPayload", "items", 1, "sku")) == "jsonPayload.items[1].sku"
    assert path_text(("labels", "run.googleapis.com/x\x1b")) == 'labels."run.googleapis.com/x␛"'


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("severity",), "ERROR", "severity=ERROR"),
        (("httpRequest", "status"), 500, "status=500"),
        (("httpRequest", "requestMethod"), "POST", "method=POST"),
        (("httpRequest", "requestUrl"), "https://x/api/memory/analyze?thread=5", "path:/api/memory/analyze"),
        (("httpRequest", "latency"), "1.234s", "latency>=1.234s"),
        (("resource", "labels", "revision_name"), staged.CANARY, f"revision={staged.CANARY}"),
        (("logName",), "projects/x/logs/run.googleapis.com%2Frequests", "log=requests"),
        (("trace",), "projects/x/traces/0", "trace:0000000000000000"),
        (("jsonPayload", "caller"), "203.0.113.9", '"203.0.113.9"'),
        (("spanId",), "b2", ""),
        ((), {}, ""),
    ],
)
def test_a_field_is_a_term_of_the_filter_where_there_is_a_word_for_it(
    path: tuple[str | int, ...], value: object, said: str
) -> None:
    logs = StagedLogs()
    logs.put([entry(5, 10)])
    row = logs.store.row(0)._replace(trace=1) if path == ("trace",) else logs.store.row(0)
    found = term(path, value, row)
    assert found == (said.replace("0000000000000000", "0000000000000001") if path == ("trace",) else said)
    if found:
        parse(beside("a or b", found), now=NOW, zone=UTC)


def test_what_would_drive_the_line_that_it_is_typed_in_is_no_term() -> None:
    logs = StagedLogs()
    logs.put([entry(5, 10, text="a \x1b[2J b", instance="\x1b]0;pwned\x07")])
    row = logs.store.row(0)
    assert term(("labels", "instanceId"), row.instance, row) == ""
    assert term(("textPayload",), row.text, row) == ""


def test_a_term_stands_beside_what_is_looked_for_already() -> None:
    assert beside(" ", "x") == "x"
    assert beside("slow", "x") == "slow x"
    assert beside("a OR b", "x") == "(a OR b) x"


@dataclass
class Payloads(StagedLogs):
    """Entries with payloads of their own."""

    payloads: dict[int, object] = field(default_factory=dict)

    async def payload(self, row: int) -> Mapping[str, object]:
        """The one that was put there; an error is raised."""
        found = self.payloads.get(row, ENTRY)
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, dict)
        return found


@asynccontextmanager
async def opened(
    logs: Payloads, index: int, *, size: tuple[int, int] = (100, 30)
) -> AsyncIterator[tuple[Shown, LogReader]]:
    """The screen of one entry."""
    readers: list[LogReader] = []

    def screen(_session: staged.StagedSession) -> LogEntryScreen:
        reader = LogReader(logs, Look(), wall=lambda: staged.NOW)
        readers.append(reader)
        reader.go(index)
        row = reader.row
        assert row is not None
        return LogEntryScreen(reader, row)

    async with shown(staged.healthy(), screen, size=size) as found:
        yield found, readers[0]
        readers[0].close()


def log_of(count: int = 20, **payloads: object) -> Payloads:
    """A log of `count` entries."""
    logs = Payloads(payloads={int(at.removeprefix("at_")): value for at, value in payloads.items()})
    logs.put(entries(count))
    return logs


async def test_the_cursor_names_its_field_and_folds_it() -> None:
    async with opened(log_of(), 5) as (found, _):
        await found.press("down", "down")
        assert "Entry · jsonPayload.order" in found.text
        await found.press("enter")
        assert '"order": { … 2 fields }' in found.text
        await found.press("right")
        assert '"order": {\n' in found.text
        await found.press("left", "left")
        assert "Entry · jsonPayload " in found.text


async def test_values_and_whole_entries_are_copied() -> None:
    async with opened(log_of(), 5) as (found, _):
        await found.press("end", "up", "y")
        assert found.app.clipboard == "a1"
        await found.press("Y")
        assert json.loads(found.app.clipboard) == ENTRY


async def test_one_goes_on_through_the_entries_that_are_shown() -> None:
    async with opened(log_of(at_6={"textPayload": "the sixth"}), 5) as (found, reader):
        await found.press("n")
        assert "the sixth" in found.text
        assert reader.index == 6
        await found.press("N", "N")
        assert "the sixth" not in found.text
        assert reader.index == 4


async def test_a_field_narrows_the_log() -> None:
    async with opened(log_of(), 5) as (found, reader):
        reader.look_for("slow or 203")
        reader.go(0)
        await found.press("end", "up", "up", "F")
        assert not isinstance(found.app.screen, LogEntryScreen)
        assert reader.scope.words == "(slow or 203) severity=ERROR"


@pytest.mark.parametrize(("key", "name"), [("t", "trace"), ("i", "instance")])
async def test_a_key_leads_to_the_trace_or_the_instance(key: str, name: str) -> None:
    logs = log_of()
    logs.put([entry(20, 20, trace="5d9dc9f81818e811892f902bd23f0824")])
    async with opened(logs, 20) as (found, reader):
        await found.press(key)
        assert getattr(reader.scope, name) == getattr(logs.store.row(20), name)
        assert not isinstance(found.app.screen, LogEntryScreen)


async def test_who_followed_follows_again() -> None:
    async with opened(log_of(), 5) as (found, reader):
        reader.follow()
        row = reader.row
        assert row is not None
        await found.app.push_screen(LogEntryScreen(reader, row))
        await found.pilot.pause()
        assert not reader.following
        await found.press("escape")
        assert reader.following


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (KeyError(5), "This entry has left"),
        (UnreadableError("app.log holds this entry no more", "it was rotated away"), "it was rotated away"),
    ],
)
async def test_a_payload_that_cannot_be_had_is_said_and_the_text_stays(trouble: Exception, said: str) -> None:
    async with opened(log_of(at_5=trouble), 5) as (found, _):
        assert said in found.text
        assert "/api/memory/analyze?thread=5" in found.text
        await found.press("y", "Y", "F", "enter", "left", "end")
        assert said in found.text


async def test_a_joined_traceback_is_shown_whole() -> None:
    logs = Payloads(payloads={0: {"textPayload": "Traceback (most recent call last):"}})
    text = 'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: x'
    logs.put([entry(1, 2, text=text, severity=Severity.ERROR, flags=Flag.TRACEBACK)])
    async with opened(logs, 0) as (found, _):
        assert "│ ValueError: x" in found.text
        assert "several entries, joined to one traceback" in found.text


@pytest.mark.parametrize("size", [(40, 10), (60, 20), (200, 55)])
async def test_it_fits_every_terminal(size: tuple[int, int]) -> None:
    async with opened(log_of(), 5, size=size) as (found, _):
        await found.press("end")
        assert '"severity": "ERROR"' in found.text
