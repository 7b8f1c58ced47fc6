"""`cockpit logs` on files, as people and scripts run it; live services are in test_logs_command_live.py."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.cli import run
from cockpit.cli.exits import Exit
from cockpit.cli.log_words import sorted_out
from cockpit.cli.log_writer import LogWriter
from cockpit.cli.output import Output
from cockpit.logs.entry import Flag, Record, Severity

if TYPE_CHECKING:
    from pathlib import Path

    Captured = pytest.CaptureFixture[str]

KUB, JB = "emergence-app-00279-kub", "emergence-app-00275-2jb"
TRACE = "5d9dc9f81818e811892f902bd23f0824"


def entry(at: str, revision: str, log: str, **fields: Any) -> dict[str, Any]:
    return {
        "timestamp": f"2025-10-10T{at}Z",
        "logName": f"projects/p/logs/run.googleapis.com%2F{log}",
        "resource": {"type": "cloud_run_revision", "labels": {"revision_name": revision}},
        "labels": {"instanceId": "00aa"},
        **fields,
    }


REQUEST = {
    "requestMethod": "POST",
    "requestUrl": "https://a.run.app/api/x?y=1",
    "status": 500,
    "latency": "1.25s",
    "remoteIp": "10.0.0.1",
    "userAgent": "curl/8",
}
ENTRIES = (
    entry("02:00:00.5", JB, "stderr", textPayload="2025-10-10 02:00:00,500 INFO [backend] ready"),
    entry("02:10:00", KUB, "requests", httpRequest=REQUEST, severity="ERROR", trace=f"projects/p/traces/{TRACE}"),
    entry("02:11:00", KUB, "stderr", textPayload="Traceback (most recent call last):\n  line 1\nKeyError: 'x'"),
    entry("02:12:00.123456789", KUB, "stdout", textPayload="\x1b]0;owned\x07 \u202eevil [red]digest"),
)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("COCKPIT_CONFIG", "COCKPIT_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log.json").write_text(json.dumps(ENTRIES[::-1], indent=2))


def lines_of(capsys: Captured, *words: str) -> list[str]:
    assert run(["logs", "--file", "log.json", *words]) == Exit.OK
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out.splitlines()


def test_an_entry_a_line_in_columns_and_in_the_order_of_time(capsys: Captured) -> None:
    assert lines_of(capsys) == [
        "2025-10-10T02:00:00.500Z  INFO    emergence-app-00275-2jb  2025-10-10 02:00:00,500 INFO [backend] ready",
        "2025-10-10T02:10:00.000Z  ERROR   emergence-app-00279-kub  POST 500   1.2 s  /api/x?y=1 10.0.0.1",
        "2025-10-10T02:11:00.000Z  ERROR   emergence-app-00279-kub  Traceback (most recent call last):",
        "      line 1",
        "    KeyError: 'x'",
        "2025-10-10T02:12:00.123Z  -       emergence-app-00279-kub  ␛]0;owned␇ �evil [red]digest",
    ]


def test_json_has_stable_keys_and_nothing_that_drives_a_terminal(capsys: Captured) -> None:
    lines = lines_of(capsys, "--json")
    assert all(line.isascii() and line.isprintable() for line in lines)
    entries = [json.loads(line) for line in lines]
    assert entries[1] == {
        "time": "2025-10-10T02:10:00Z",
        "severity": "ERROR",
        "revision": KUB,
        "instance": "00aa",
        "log": "requests",
        "text": "/api/x?y=1 10.0.0.1",
        "trace": TRACE[:16],
        "status": 500,
        "method": "POST",
        "latency": 1.25,
        "agent": "curl/8",
        "flags": [],
    }
    assert all(each.keys() == entries[1].keys() for each in entries)
    assert (entries[2]["flags"], entries[2]["latency"], entries[2]["trace"]) == (["read", "traceback"], None, None)
    assert entries[3]["time"] == "2025-10-10T02:12:00.123456789Z"
    assert entries[3]["text"] == "\x1b]0;owned\x07 \u202eevil [red]digest"


def test_what_was_written_as_json_is_read_as_entries_again(tmp_path: Path, capsys: Captured) -> None:
    written = lines_of(capsys, "--json")
    (tmp_path / "log.json").write_text("\n".join(written))
    again = [json.loads(line) for line in lines_of(capsys, "--json")]
    kept = ("time", "severity", "text")
    assert [[each[key] for key in kept] for each in again] == [
        [each[key] for key in kept] for each in map(json.loads, written)
    ]


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("severity>=ERROR", ["02:10", "02:11"]),
        ("severity>=ERROR -path:/api", ["02:11"]),
        ("-keyerror --revision 00279", ["02:10", "02:12"]),
        ("--revision 2jb --revision kub --last 2", ["02:11", "02:12"]),
        ("--last 0 --since 1h", []),
        # Moments are reckoned from the newest entry: a file is not of today.
        ("--since 2m", ["02:11", "02:12"]),
        ("after:3m before:2m", ["02:10"]),
        ("latency>1s or ready", ["02:00", "02:10"]),
        ("keyerror --text or ready", ["02:00", "02:11"]),
        ("-- digest", ["02:12"]),
        (f"trace:{TRACE}", ["02:10"]),
    ],
)
def test_entries_are_found(words: str, hours: list[str], capsys: Captured) -> None:
    code = run(["logs", "--file", "log.json", *words.split()])
    out = capsys.readouterr().out.splitlines()
    assert [line[11:16] for line in out if line.startswith("2025-")] == hours
    assert code == (Exit.OK if hours else Exit.FAILED)


def test_nothing_found_is_said_and_ends_as_grep_does(capsys: Captured) -> None:
    assert run(["logs", "--file", "log.json", "no-such-word"]) == Exit.FAILED
    assert capsys.readouterr() == ("", "! nothing found\n")


def test_a_bad_query_is_shown_with_its_place(capsys: Captured) -> None:
    assert run(["logs", "--file", "missing", "a", "sevrity>=error"]) == Exit.USAGE
    assert capsys.readouterr().err.splitlines() == [
        "cockpit: there is no field 'sevrity'",
        "  a sevrity>=error",
        "    ^^^^^^^",
        '  mend: did you mean severity? Else write "sevrity>=error" to find the text',
    ]
    assert run(["logs", "--json", '"\x1b']) == Exit.USAGE
    captured = capsys.readouterr()
    assert json.loads(captured.out)["error"]["position"] == 0
    assert "\x1b" not in captured.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--text --json", "--text and --json"),
        ("--last -3", "--last -3"),
        ("--last many", "many"),
        ("--since yesterday --file log.json", "--since: 'yesterday' is no moment"),
        ("--revision tag:canary --file log.json", "a file knows no tags"),
        ("--folow", "--folow"),
    ],
)
def test_wrong_usage_is_said_in_a_line(words: str, said: str, capsys: Captured) -> None:
    assert run(["logs", *words.split()]) == Exit.USAGE
    err = capsys.readouterr().err
    assert said in err
    assert "mend: " in err


def test_what_cannot_be_read_is_said(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "log.json").write_text("\n".join([json.dumps(ENTRIES[0]), '{"broken": ', json.dumps(ENTRIES[1])]))
    assert run(["logs", "--file", "log.json"]) == Exit.OK
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 2
    assert captured.err.startswith("! 1 could not be read, one at byte ")
    assert run(["logs", "--file", "gone.json"]) == Exit.FAILED
    assert "gone.json" in capsys.readouterr().err


def test_a_gap_is_a_note_and_no_entry(capsys: Captured) -> None:
    writer = LogWriter(Output())
    writer.write([Record(1, "at least 3 entries left out", Severity.WARNING, Flag.GAP), Record(2, "x")])
    captured = capsys.readouterr()
    assert captured.err == "! at least 3 entries left out\n"
    assert captured.out == "1970-01-01T00:00:00.000Z  -       x\n"
    assert writer.written == 1


@pytest.mark.parametrize(
    ("words", "expected", "command"),
    [
        ("logs", "logs", "logs"),
        ("logs a -b --since 1h (c or d) --json", "logs --since 1h --json -- a -b (c or d)", "logs"),
        ("logs --file - -x", "logs --file - -- -x", "logs"),
        ("logs -h", "logs -h", "logs"),
        ("logs --json -- --x logs", "logs --json -- --x logs", "logs"),
        ("--project logs logs x", "--project logs logs -- x", "logs"),
        ("logs --since=1h digest -x", "logs_digest --since=1h -- -x", "logs digest"),
        ("--service s logs --last 5 digest", "--service s logs_digest --last 5", "logs digest"),
        ("logs -- digest", "logs -- digest", "logs"),
        ("logs a digest", "logs -- a digest", "logs"),
    ],
)
def test_a_query_is_told_from_the_flags_around_it(words: str, expected: str, command: str) -> None:
    found = [word.replace("logs_digest", "logs digest") for word in expected.split()]
    assert sorted_out(words.split()) == (found, command)
