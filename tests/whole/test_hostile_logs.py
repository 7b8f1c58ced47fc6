"""What logs get that make no sense: read as far as they can be, counted where they cannot; never a traceback."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import socket
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.cli import run
from cockpit.cli.exits import Exit
from cockpit.sources.files.cutting import MOST_ENTRY
from tests.sources.files.exports import entry, json_lines
from tests.tui.staged_hostile_logs import HOSTILE, KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    Captured = pytest.CaptureFixture[str]
    Shown = Callable[..., list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("COCKPIT_CONFIG", "COCKPIT_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shown(tmp_path: Path, capsys: Captured) -> Shown:
    """`cockpit logs --json` of a file with these bytes: its entries; as many as `broken` cannot be read."""

    def show(data: bytes, *, broken: int = 0) -> list[dict[str, Any]]:
        (tmp_path / "log").write_bytes(data)
        assert run(["logs", "--file", "log", "--json"]) == Exit.OK
        captured = capsys.readouterr()
        assert captured.err.startswith(f"! {broken} could not be read" if broken else "")
        assert captured.err.count("\n") == bool(broken)
        return [json.loads(line) for line in captured.out.splitlines()]

    return show


def times(found: list[dict[str, Any]]) -> list[str]:
    return [each["time"] for each in found]


def test_half_a_surrogate_pair_costs_neither_its_name_nor_its_neighbours(shown: Shown) -> None:
    odd = b'{"textPayload": "x \\ud83d y \\\\ud83d \\ud83d\\ude00", "labels": {"instanceId": "\\udc00"}}\n'
    found = shown(json_lines([entry(0)]) + odd + json_lines([entry(1)]))
    assert [each["text"] for each in found] == ["entry 0", "x \ufffd y \\ud83d \U0001f600", "entry 1"]
    assert found[1]["instance"] == "\ufffd"


@pytest.mark.parametrize("filler", [b" ", b"\r", b" \r", b"}", b"} ", b"{", b'{"'])
def test_what_never_becomes_an_entry_takes_no_longer_than_it_is(filler: bytes, shown: Shown) -> None:
    broken = b'{"textPayload": ' + filler * (400_000 // len(filler)) + b"!\n"
    found = shown(json_lines([entry(0)]) + broken + json_lines([entry(1)]), broken=1)
    assert [each["text"] for each in found] == ["entry 0", "entry 1"]


def test_the_gigantic_is_said_to_be_so_and_the_rest_is_read(tmp_path: Path, capsys: Captured) -> None:
    gigantic = entry(1, jsonPayload={"a": "x" * (MOST_ENTRY + (1 << 20))})
    (tmp_path / "log").write_bytes(json_lines([entry(0), gigantic, entry(2)]))
    assert run(["logs", "--file", "log", "--text"]) == Exit.OK
    captured = capsys.readouterr()
    assert [line.split()[-2:] for line in captured.out.splitlines()] == [["entry", "0"], ["entry", "2"]]
    assert captured.err.endswith(": larger than the 16 MiB that are read of an entry\n")


def test_entries_without_a_time_stay_where_they_are_in_the_file(shown: Shown) -> None:
    timeless = [{key: value for key, value in entry(n).items() if key != "timestamp"} for n in (5, 6)]
    found = shown(json_lines([entry(0), *timeless, entry(3)]))
    assert [each["text"] for each in found] == ["entry 0", "entry 5", "entry 6", "entry 3"]
    assert times(found)[0] == times(found)[1] == times(found)[2] < times(found)[3]


def test_a_log_without_any_time_is_read_in_its_order(shown: Shown) -> None:
    found = shown(json_lines([{"textPayload": f"entry {n}"} for n in range(50)]))
    assert [each["text"] for each in found] == [f"entry {n}" for n in range(50)]
    assert set(times(found)) == {None}


@pytest.mark.parametrize(
    "stamp",
    [
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "2025-13-40T99:99:99Z",
        -1e300,
        10**40,
        {"seconds": "x"},
        True,
    ],
)
def test_times_that_cannot_be_move_no_other_entry(stamp: object, shown: Shown) -> None:
    found = shown(json_lines([entry(0), entry(1, timestamp=stamp), entry(2), entry(3)]))
    others = [each["text"] for each in found if each["text"] != "entry 1"]
    assert (len(found), others) == (4, ["entry 0", "entry 2", "entry 3"])


def test_entries_out_of_order_are_put_in_the_order_of_time(shown: Shown) -> None:
    found = shown(json_lines([entry(number * 7 % 300) for number in range(300)]))
    assert times(found) == sorted(times(found))
    assert len({each["text"] for each in found}) == 300


def test_what_stands_twice_in_a_file_is_shown_as_often(shown: Shown) -> None:
    found = shown(json_lines([entry(0), entry(0), entry(1)]))
    assert [each["text"] for each in found] == ["entry 0", "entry 0", "entry 1"]


@pytest.mark.parametrize("severity", ["FATALISH", -1, 10**40, {"a": 1}, ["ERROR"], True, "\x1b[31m", "ＥＲＲＯＲ"])
def test_an_unknown_severity_is_none(severity: object, shown: Shown) -> None:
    (found,) = shown(json_lines([entry(0, severity=severity)]))
    assert (found["severity"], found["text"]) == ("DEFAULT", "entry 0")


@pytest.mark.parametrize(
    "payload",
    [
        [[]],
        "text",
        {"message": {"message": ["x"]}},
        {"": None},
        {"x": 10**400, "y": -1e300},
        {f"key {number}": number for number in range(20_000)},
        json.loads('{"a":' * 400 + "1" + "}" * 400),
    ],
    ids=["lists", "text", "nested message", "no name", "numbers", "many keys", "deep"],
)
def test_a_payload_of_any_shape_is_an_entry(payload: object, shown: Shown) -> None:
    odd = {key: value for key, value in entry(1, jsonPayload=payload).items() if key != "textPayload"}
    found = shown(json_lines([entry(0), odd, entry(2)]))
    assert (len(found), found[0]["text"], found[2]["text"]) == (3, "entry 0", "entry 2")


def test_what_nests_without_end_is_counted(shown: Shown) -> None:
    endless = b'{"textPayload": "x", "deeper": ' + b"[" * 200_000 + b"]" * 200_000 + b"}\n"
    found = shown(json_lines([entry(0)]) + endless + json_lines([entry(1)]), broken=1)
    assert [each["text"] for each in found] == ["entry 0", "entry 1"]


def test_bytes_that_are_no_utf_8_are_shown_as_such(shown: Shown) -> None:
    found = shown(json_lines([entry(0)]) + b'{"textPayload": "a \xff\xfe\x80 \xed\xa0\x80 z"}\n')
    assert found[1]["text"] == "a \ufffd\ufffd\ufffd \ufffd\ufffd\ufffd z"


@pytest.mark.parametrize("cut", [3, 12, 400, -9])
def test_of_a_truncated_gzip_what_came_is_shown_and_the_rest_is_said(
    cut: int, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "log.gz").write_bytes(gzip.compress(json_lines([entry(number) for number in range(200)]))[:cut])
    assert run(["logs", "--file", "log.gz"]) == Exit.FAILED
    captured = capsys.readouterr()
    assert "cockpit: log.gz: the gzip data break off\n  mend: " in captured.err
    assert bool(captured.out) == (cut in {400, -9})


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("directory", "is a directory"),
        ("empty", "is empty"),
        ("png", "is no log"),
        ("sqlite", "is a SQLite database"),
        ("zeros", "is no log"),
        ("socket", "cannot be read"),
        ("/dev/zero", "is no log"),
        ("/dev/null", "is empty"),
        ("/proc/self/mem", "cannot be read"),
    ],
)
@pytest.mark.parametrize("command", ["logs", "logs digest"])
def test_what_is_no_log_is_refused_in_a_line_with_a_mend(
    command: str, kind: str, said: str, tmp_path: Path, capsys: Captured
) -> None:
    if kind.startswith("/") and not Path(kind).exists():
        pytest.skip(f"no {kind} here")
    path = kind if kind.startswith("/") else _made(kind, tmp_path)
    assert run([*command.split(), "--file", path]) != Exit.OK
    captured = capsys.readouterr()
    assert re.search(rf"{re.escape(path)}:? .*{said}.*(\n  mend: |; ).+\n", captured.err)
    assert captured.err.count("\n") <= 4
    assert "Traceback" not in captured.err + captured.out


def _made(kind: str, folder: Path) -> str:
    """The name of a new file of another kind, in the folder one is in."""
    path = folder / kind
    if kind == "directory":
        path.mkdir()
    elif kind == "sqlite":
        with contextlib.closing(sqlite3.connect(path)) as base, base:
            base.execute("create table logs (line text)")
    elif kind == "socket":
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as server:
            server.bind(kind)
    else:
        path.write_bytes(
            {"empty": b"", "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "zeros": bytes(9999)}[kind]
        )
    return kind


@pytest.mark.parametrize("query", ["severity>=", "/(/", '"half', "status>=x", "a and", "(", "after:x"])
def test_a_bad_query_is_one_message_that_names_the_place(query: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "log").write_bytes(json_lines([entry(0)]))
    for command in ("logs", "logs digest"):
        assert run([*command.split(), "--file", "log", "--", query]) == Exit.USAGE
        captured = capsys.readouterr()
        assert "mend:" in captured.err
        assert "Traceback" not in captured.err
        assert captured.out == ""
        assert "\x1b" not in captured.err


@pytest.mark.parametrize(
    "words", [("logs", "--text"), ("logs", "--json"), ("logs", "digest"), ("logs", "digest", "--json")]
)
def test_no_hostile_line_drives_the_terminal_of_a_command(
    words: tuple[str, ...], tmp_path: Path, capsys: Captured
) -> None:
    held = []
    for number, text in enumerate(KINDS.values()):
        labels = {"instanceId": text[:200]}
        held.append(entry(number, textPayload=text, labels=labels, severity="ERROR"))
        request = {"requestUrl": f"/{text[:99]}", "requestMethod": text[:9], "status": 500, "userAgent": text[:99]}
        odd = {"labels": {"revision_name": text[:200]}}
        held.append(entry(number, httpRequest=request, labels=labels, resource=odd, severity="ERROR"))
    lines = b"".join(json.dumps(each).encode() + b"\n" for each in held)
    (tmp_path / "log").write_bytes(lines)
    assert run([*words, "--file", "log"]) == Exit.OK
    captured = capsys.readouterr()
    assert [found[0] for found in HOSTILE.finditer(captured.out.replace("\n", " "))] == []
    assert captured.err == ""
    assert len(captured.out) < 5_000_000
