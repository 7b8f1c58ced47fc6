"""What logs get that make no sense: read as far as they can be, counted where they cannot; never a traceback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.cli import run
from cockpit.cli.exits import Exit
from cockpit.sources.files.cutting import MOST_ENTRY
from tests.sources.files.exports import entry, json_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
