"""`cockpit logs digest` on files: tables, JSON, two revisions side by side, and files that are none."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.cli import run
from cockpit.cli.exits import Exit

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

STABLE, CANARY = "app-00275-2jb", "app-00279-kub"
TRACEBACK = """Traceback (most recent call last):
  File "/app/api.py", line 3, in answer
    no()
KeyError: 'price'"""
Digest = Callable[..., tuple[int, str, str]]
PROBED = ("/.env", "/.git/config", "/wp-login.php")


def entry(second: int, revision: str, log: str = "stderr", **rest: Any) -> dict[str, Any]:
    """An entry as Cloud Logging exports it."""
    return {
        "insertId": f"{second}{revision}{log}",
        "logName": f"projects/p/logs/run.googleapis.com%2F{log}",
        "timestamp": f"2025-10-10T12:{second // 60:02}:{second % 60:02}.5Z",
        "resource": {"type": "cloud_run_revision", "labels": {"revision_name": revision}},
        "labels": {"instanceId": f"{revision}-i"},
        **rest,
    }


def request(second: int, revision: str, path: str, status: int) -> dict[str, Any]:
    """An entry of the request log, answered in a quarter of a second."""
    http = {
        "requestMethod": "GET",
        "requestUrl": f"https://app-x.a.run.app{path}",
        "status": status,
        "latency": "0.25s",
        "remoteIp": "203.0.113.9",
    }
    severity = "ERROR" if status >= 500 else "WARNING" if status >= 400 else "INFO"
    return entry(second, revision, "requests", httpRequest=http, severity=severity)


ENTRIES = [
    *(request(second, STABLE, f"/api/users/{second + 1000}", 200) for second in range(60)),
    *(request(second, CANARY, "/api/users/17", 500 if second % 2 else 200) for second in range(60, 70)),
    *(request(second, STABLE, path, 404) for second, path in enumerate(PROBED)),
    entry(61, CANARY, textPayload=TRACEBACK),
    entry(62, STABLE, textPayload="2025-10-10 12:01:02,000 ERROR [pool] 17 connections lost"),
    entry(63, CANARY, textPayload="2025-10-10 12:01:03,000 ERROR [pool] 4 connections lost"),
]


@pytest.fixture
def digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Digest:
    """The command, run here: its exit code, and what it wrote to both of its streams."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("NO_COLOR", "1")

    def run_it(*words: str) -> tuple[int, str, str]:
        code = run(["logs", "digest", *words])
        return code, *capsys.readouterr()

    return run_it


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A log as it is downloaded, newest first."""
    path = tmp_path / "export.json"
    newest_first = sorted(ENTRIES, key=lambda each: str(each["timestamp"]), reverse=True)
    path.write_text(json.dumps(newest_first, indent=2), encoding="utf-8")
    return path


def test_two_revisions_of_a_file_stand_side_by_side(digest: Digest, export: Path) -> None:
    code, out, err = digest("--file", str(export))
    assert (code, err) == (Exit.OK, "")
    lines = out.splitlines()
    assert lines[0] == f"{export}   76 entries, 2025-10-10 12:00:00 to 12:01:09 UTC"
    assert lines[1:3] == [f"  stable {STABLE}  64 entries", f"  canary {CANARY}  12 entries"]
    assert lines[4].startswith(
        f"✗ 1 error template is new in {CANARY}: “KeyError: 'price'”; never seen in 64 entries"
    )
    errors = lines[lines.index("Errors") + 2 :]
    wanted = "new 0 1 12:01:01 12:01:01 KeyError: 'price' app/api.py in answer"
    assert errors[0].split() == wanted.split()
    assert errors[1].split()[:2] == ["1", "1"]
    assert "[pool] <num> connections lost" in errors[1]
    endpoint = lines[lines.index("Endpoints") + 3].split()
    assert endpoint[:6] == [CANARY, "10", "50.0", "%", "50.0", "%"]
    assert "3 requests for .env, Git and WordPress paths, all 404" in out
    assert "3 paths that were never there" in out


def test_the_same_as_json(digest: Digest, export: Path) -> None:
    code, out, _ = digest("--file", str(export), "--json")
    answer = json.loads(out)
    assert code == Exit.OK
    assert (answer["entries"], answer["whole"], answer["stable"], answer["canary"]) == (76, True, STABLE, CANARY)
    assert answer["revisions"] == {STABLE: 64, CANARY: 12}
    new = answer["errors"]["templates"][0]
    assert (new["new"], new["text"], new["frame"]) == (True, "KeyError: 'price'", "app/api.py in answer")
    assert new["by_revision"] == {CANARY: 1}
    assert new["example"]["text"] == TRACEBACK
    assert new["first"] == "2025-10-10T12:01:01.500000+00:00"
    [users] = answer["endpoints"]["listed"]
    assert (users["path"], users["count"]) == ("/api/users/{id}", 70)
    assert users["by_revision"][CANARY]["shares"]["5xx"] == 0.5
    assert users["latency"] == dict.fromkeys(("avg", "min", "p50", "p95", "p99", "max"), 0.25) | {"count": 70}
    assert answer["endpoints"]["absent"]["paths"] == 3
    assert (answer["scanners"]["requests"], answer["scanners"]["answered"]) == (3, 0)
    assert answer["instances"]["by_revision"][CANARY]["tracebacks"] == 1
    assert answer["facts"][0]["tone"] == "bad"


def test_one_revision_a_span_and_a_query(digest: Digest, export: Path) -> None:
    words = ("--file", str(export), "--json")
    answer = json.loads(digest(*words, "--revision", "00279")[1])
    assert (answer["revisions"], answer["stable"]) == ({CANARY: 12}, None)
    answer = json.loads(digest(*words, "--since", "5s")[1])
    assert (answer["first"], answer["entries"]) == ("2025-10-10T12:01:04.500000+00:00", 6)
    answer = json.loads(digest(*words, "status>=500")[1])
    assert (answer["query"], answer["entries"]) == ("status>=500", 5)
    answer = json.loads(digest(*words, "--revision", CANARY, "--revision", STABLE)[1])
    assert (answer["stable"], answer["canary"]) == (CANARY, STABLE)


def test_no_data_is_no_pass(digest: Digest, export: Path) -> None:
    code, out, _ = digest("--file", str(export), "nothing says this")
    assert code == Exit.FAILED
    assert "! no entries: nothing can be said" in out
    code, out, _ = digest("--file", str(export), "status>=500")
    assert code == Exit.FAILED
    assert f"! {STABLE} has no entries: nothing can be called new" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--revision", "0027"], "'0027' is a part of 2 revisions' names"),
        (["--revision", "00300"], "has no revision '00300'"),
        (["--revision", "tag:canary"], "a file knows no tags"),
        (["--last", "7"], "a file is read whole"),
        (["severity>=WORSE"], "WORSE"),
        (["--since", "soon"], "--since"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_line(
    words: list[str], message: str, digest: Digest, export: Path
) -> None:
    code, out, err = digest("--file", str(export), *words)
    assert (code, out) == (Exit.USAGE, "")
    assert message in err.splitlines()[0]
    assert "mend: " in err


def test_a_pattern_of_the_settings_that_is_none_is_told_by_its_key(
    digest: Digest, export: Path, tmp_path: Path
) -> None:
    config = tmp_path / "own.toml"
    config.write_text('[logs]\ncomponents = ["("]\n')
    code, _, err = digest("--file", str(export), "--config", str(config))
    assert code == Exit.USAGE
    assert err.startswith("cockpit: logs.components in config.toml: '(' is no pattern: missing )")


@pytest.mark.slow
def test_a_file_that_is_cut_off_is_summed_up_as_far_as_it_goes(digest: Digest, tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    lines = "".join(json.dumps(each) + "\n" for each in ENTRIES * 50)
    path.write_bytes(gzip.compress(lines.encode())[:-200])
    code, out, err = digest("--file", str(path), "--json")
    answer = json.loads(out)
    assert code != Exit.OK
    assert answer["entries"] > 1000
    assert answer["problem"]["message"] in err


def test_hostile_text_does_not_reach_the_terminal(digest: Digest, tmp_path: Path) -> None:
    path = tmp_path / "hostile.jsonl"
    hostile = [
        entry(1, "app-1\x1b]0;title\x07", textPayload="ERROR \x1b[2J\u202e boom"),
        request(2, "app-2", "/\x1b[31mred/.env", 200),
        entry(3, "app-2", "varlog%2Fsystem", textPayload="Starting new instance. Reason: A\x1bB"),
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in hostile), encoding="utf-8")
    code, out, err = digest("--file", str(path))
    assert code == Exit.OK
    assert not set(out + err) & {"\x1b", "\x07", "\u202e"}
