"""`cockpit dashboard` as people and scripts run it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cockpit.cli import run
from cockpit.cli.exits import Exit

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {
    "title": "Orders",
    "uid": "orders",
    "schemaVersion": 39,
    "templating": {"list": [{"name": "env", "type": "custom", "query": "prod,stage"}]},
    "panels": [
        {
            "id": 1,
            "type": "stat",
            "title": "Rate",
            "targets": [{"refId": "A", "expr": 'rate(a_total{env="$env"}[5m])'}],
        },
        {"id": 2, "type": "row", "title": "More", "collapsed": True, "panels": []},
    ],
}
BAD = {
    "title": "Bad \x1b[2J",
    "panels": [
        {"type": "stat", "title": "Broken", "targets": [{"expr": "sum(rate(a_total[5m])"}]},
        {"type": "nodeGraph", "title": "Graph", "targets": [{"expr": "up"}]},
        {"type": "stat", "title": "Lost", "targets": [{"expr": "up{a='$nobody'}"}]},
    ],
}


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("COCKPIT_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.json").write_text(json.dumps(GOOD))
    (tmp_path / "bad.json").write_text(json.dumps(BAD))


def test_a_dashboard_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dashboard", "good.json"]) == Exit.OK
    assert capsys.readouterr().out == (
        "Orders  good.json\n"
        "  1 panel, 1 variable  now-6h to now\n"
        "  $env  custom  prod,stage\n"
        "  ✓ stat         Rate  1 question\n"
        "  More  collapsed\n"
    )


def test_what_is_amiss_stands_at_its_panel(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dashboard", "bad.json"]) == Exit.OK
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "  ! nodeGraph    Graph  1 question\n      lacks drawing a panel of type nodeGraph\n" in out


def test_a_good_one_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dashboard", "good.json", "--check"]) == Exit.OK
    assert capsys.readouterr().out == "good.json: 1 panel, 1 variable, all supported\n"


def test_what_is_wrong_has_its_place_and_its_mend(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dashboard", "bad.json", "--check"]) == Exit.FAILED
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("error   bad.json: panels[0].targets[0].expr: Broken: ")
    assert lines[1] == "          sum(rate(a_total[5m])"
    assert lines[2].strip() == "^"
    assert "lacks   bad.json: panels[1]: Graph: drawing a panel of type nodeGraph" in lines
    assert (
        "error   bad.json: panels[2].targets[0].expr: Lost: the variable 'nobody' is not in the dashboard" in lines
    )
    assert "        mend: add it, or take it out" in lines
    assert lines[-1] == "bad.json: 3 panels, 2 errors, 1 not supported"


def test_scripts_get_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dashboard", "good.json", "bad.json", "--check", "--json"]) == Exit.FAILED
    good, bad = json.loads(capsys.readouterr().out)["files"]
    assert (good["title"], good["uid"], good["supported"], good["findings"]) == ("Orders", "orders", True, [])
    assert good["panels"][0]["targets"][0]["expression"] == 'rate(a_total{env="$env"}[5m])'
    assert [finding["code"] for finding in bad["findings"]] == ["syntax", "lacks", "variable"]
    assert bad["findings"][0]["position"] is not None
    assert bad["panels"][1]["missing"] == ["drawing a panel of type nodeGraph"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "broken.json: not JSON"),
        ("[]", "broken.json: JSON, but no dashboard"),
        ('{"spec": {"elements": {}}}', "broken.json: a dashboard of the schema v2"),
    ],
)
def test_a_file_that_is_no_dashboard(
    tmp_path: Path, content: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.json").write_text(content)
    assert run(["dashboard", "broken.json"]) == Exit.USAGE
    error = capsys.readouterr().err
    assert message in error
    assert "mend: " in error


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dashboard", "nowhere.json"]) == Exit.USAGE
    assert "nowhere.json: no such file" in capsys.readouterr().err


def test_without_a_file_those_of_the_settings_are_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "one.json").write_text(json.dumps(GOOD))
    (tmp_path / "more" / "notes.txt").write_text("no dashboard")
    (tmp_path / "own.toml").write_text('[dashboards]\nfiles = ["good.json", "more"]\n')
    assert run(["dashboard", "--check", "--config", "own.toml"]) == Exit.OK
    own, good, more = capsys.readouterr().out.splitlines()
    assert own.endswith("emergence-app.json: 15 panels, 2 variables, all supported")
    assert good == "good.json: 1 panel, 1 variable, all supported"
    assert more == "more/one.json: 1 panel, 1 variable, all supported"


def test_ours_can_be_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.toml").write_text("[dashboards]\nown = false\n")
    assert run(["dashboard", "--config", "own.toml"]) == Exit.OK
    assert capsys.readouterr().out == ""
