"""The file of the layout: whole or not at all, put aside when damaged, left alone when newer."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from cockpit.live.saved_layout import (
    LARGEST,
    MOST_SERVICES,
    VERSION,
    LayoutFile,
    LogStyle,
    SavedLayout,
    ServiceLook,
)

LEFT = SavedLayout(
    preset="metrics",
    pane=3,
    screen="fleet",
    theme="light",
    log=LogStyle(("time", "level"), "utc", True),
    services={"projects/p/locations/r/services/s": ServiceLook("errors", 900.0, "Emergence")},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "layout.json"


def test_what_was_left_is_there_at_the_next_start(path: Path) -> None:
    LayoutFile(path).write(LEFT)
    again = LayoutFile(path)
    assert again.saved == LEFT
    assert again.notice == ""
    assert [file.name for file in path.parent.iterdir()] == ["layout.json"]


def test_without_a_file_nothing_is_known_and_nothing_is_wrong(path: Path) -> None:
    file = LayoutFile(path)
    assert file.saved == SavedLayout()
    assert file.notice == ""
    assert not path.parent.exists()


def test_a_fresh_start_forgets_the_arrangement_and_keeps_what_is_known_of_services(path: Path) -> None:
    LayoutFile(path).write(LEFT)
    assert LayoutFile(path, fresh=True).saved == SavedLayout(services=LEFT.services)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"version": 1, "pane": "three"}',
        b'{"version": "1"}',
        b'{"version": 1, "services": {"a": []}}',
        b"[" * 100_000,
        b" " * (LARGEST + 1),
    ],
    ids=["empty", "cut", "list", "bytes", "type", "version", "service", "deep", "large"],
)
def test_a_damaged_file_is_put_aside_and_said(path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    file = LayoutFile(path)
    assert file.saved == SavedLayout()
    assert "is damaged" in file.notice
    assert path.with_name("layout.json.damaged").read_bytes() == data
    file.write(LEFT)
    assert LayoutFile(path).saved == LEFT


def test_what_a_newer_cockpit_wrote_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    newer = json.dumps({"version": VERSION + 1, "preset": {"of": "another kind"}})
    path.write_text(newer)
    file = LayoutFile(path)
    assert file.saved == SavedLayout()
    assert "a newer cockpit" in file.notice
    file.write(LEFT)
    assert path.read_text() == newer


def test_what_an_older_one_does_not_know_is_no_damage(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"version": VERSION, "preset": "logs", "unheard": [1]}))
    assert LayoutFile(path).saved == SavedLayout(preset="logs")


def test_a_place_that_cannot_be_written_is_said_once_and_tried_no_more(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    file = LayoutFile(tmp_path / "taken" / "layout.json")
    file.write(LEFT)
    assert "cannot be" in file.notice
    notice = file.notice
    file.write(msgspec.structs.replace(LEFT, pane=4))
    assert file.notice == notice


def test_services_are_remembered_up_to_a_number_those_left_last(path: Path) -> None:
    layout = SavedLayout()
    for number in range(MOST_SERVICES + 5):
        layout = layout.with_service(str(number), ServiceLook())
    layout = layout.with_service("7", ServiceLook("errors"))
    assert len(layout.services) == MOST_SERVICES
    assert list(layout.services)[-1] == "7"
    assert "0" not in layout.services


def test_nothing_that_is_done_has_a_place_in_it() -> None:
    fields = set(SavedLayout.__struct_fields__) | set(ServiceLook.__struct_fields__)
    assert not fields & {"armed", "arming", "plan", "at", "cursor", "end", "until"}
