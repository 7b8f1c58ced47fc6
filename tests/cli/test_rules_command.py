"""`cockpit rules check` as people and scripts run it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cockpit.cli import run
from cockpit.cli.exits import Exit

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
groups:
- name: g
  rules:
  - alert: Slow
    expr: histogram_quantile(0.95, sum by (le) (rate(duration_seconds_bucket[5m]))) > 10
    for: 5m
"""
OWN = """\
groups:
- name: own
  rules:
  - alert: Failures
    expr: |
      rate(failure_total[5m])
        / rate(success_total[5m]) > 0.1
    for: 5m
"""
EXPOSED = """\
# TYPE success_total counter
success_total{provider="neo"} 5
# TYPE failure_total counter
failure_total{provider="neo",error_type="timeout"} 1
"""


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("COCKPIT_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)


def test_a_good_file_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.yml").write_text(GOOD)
    assert run(["rules", "check", "good.yml"]) == Exit.OK
    assert capsys.readouterr().out == "good.yml: 1 rule, nothing wrong\n"


def test_an_error_names_file_line_and_mend_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.yml").write_text(GOOD.replace("for: 5m", "foor: 5m"))
    assert run(["rules", "check", "bad.yml"]) == Exit.FAILED
    out = capsys.readouterr().out
    assert "error   bad.yml:6: 'foor' is no field of a rule\n        mend: did you mean for?\n" in out
    assert out.endswith("bad.yml: 1 rule, 1 error\n")


def test_a_rule_that_never_fires_is_found_on_saved_metrics(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.yml").write_text(OWN)
    (tmp_path / "metrics.txt").write_text(EXPOSED)
    assert run(["rules", "check", "own.yml"]) == Exit.OK
    assert "warning own.yml:6: Failures: failure_total is divided by success_total" in capsys.readouterr().out
    assert run(["rules", "check", "own.yml", "--metrics", "metrics.txt"]) == Exit.FAILED
    out = capsys.readouterr().out
    assert "error   own.yml:6: Failures: never fires: the two sides of / share no label set" in out
    assert "ignoring (error_type)" in out


def test_json_has_stable_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.yml").write_text(GOOD)
    (tmp_path / "bad.yml").write_text(GOOD.replace("> 10", "> ").replace("Slow", "Fast"))
    assert run(["rules", "check", "good.yml", "bad.yml", "--json"]) == Exit.FAILED
    good, bad = json.loads(capsys.readouterr().out)["files"]
    assert good == {"file": "good.yml", "valid": True, "rules": 1, "findings": []}
    assert bad["valid"] is False
    (finding,) = bad["findings"]
    assert finding["line"] == 5
    assert set(finding) == {"severity", "code", "file", "line", "path", "rule", "message", "mend"}


def test_without_files_the_rules_of_the_config_are_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.yml").write_text(GOOD)
    (tmp_path / "mine.toml").write_text(
        '[metrics]\nrules = ["good.yml"]\n\n[[metrics.groups]]\nname = "mine"\n\n'
        '[[metrics.groups.rules]]\nalert = "Down"\nexpr = "up =="\nfor = "1m"\n'
    )
    assert run(["rules", "check", "--config", "mine.toml"]) == Exit.FAILED
    out = capsys.readouterr().out
    assert "error   mine.toml:9: Down: " in out
    assert "good.yml: 1 rule, nothing wrong" in out
    assert run(["rules", "check", "mine.toml"]) == Exit.FAILED
    assert "error   mine.toml:9: Down: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "content", "says"),
    [
        (["missing.yml"], b"", "missing.yml: no such file or directory"),
        (["."], b"", "is a directory"),
        (["binary.yml"], b"\xff\xfe\x00", "binary.yml: not a text file in UTF-8"),
        (["broken.toml"], b"[", "broken.toml:1: not TOML"),
        (["--metrics", "page.html"], b"<!doctype html><title>Sign in</title>", "page.html: "),
        (["--metrics", "off.txt"], b"# Metrics disabled. Set X.\n", "no metrics in it: Metrics disabled"),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_a_mend(
    words: list[str], content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content:
        (tmp_path / words[-1]).write_bytes(content)
    assert run(["rules", "check", *words]) == Exit.USAGE
    captured = capsys.readouterr()
    assert says in captured.err
    assert "mend: " in captured.err
    assert captured.out == ""


def test_control_characters_of_a_file_do_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.yml").write_text('groups:\n- name: g\n  "evil\\e[2J": 1\n')
    assert run(["rules", "check", "bad.yml"]) == Exit.FAILED
    assert "\x1b" not in capsys.readouterr().out


def test_rules_alone_says_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules"]) == Exit.USAGE
    assert "COMMAND" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--for", "10s"], ["--engine", "http://127.0.0.1:9090"]])
def test_where_series_come_from_is_said_for_live_ones_alone(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else somebody would believe that the rules were held against them."""
    file = tmp_path / "good.yml"
    file.write_text(GOOD)
    assert run(["rules", "check", str(file), *words]) == Exit.USAGE
    assert "mend: add --live" in capsys.readouterr().err
