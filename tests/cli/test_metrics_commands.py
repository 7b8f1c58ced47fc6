"""`cockpit metrics`, `alerts`, `query` and `rules check --live` against running services and engines."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.cli.exits import Exit
from tests.cli.commands import CommandLine
from tests.prometheus_server import needs_prometheus, running_prometheus, scrape_config
from tests.simulated import Local, running_simulator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

STABLE, CANARY = "emergence-app-00275-2jb", "emergence-app-00279-kub"
SEEN = "process_start_time_seconds{tag='canary'} > 0"
ENDS = {
    "no worse": Exit.OK,
    "worse": Exit.FAILED,
    "no data": Exit.FAILED,
    "likely worse": Exit.UNSURE,
    "too few data": Exit.UNSURE,
}
QUICK = "[metrics]\ninterval_seconds = 1\ntimeout_seconds = 15\n"  # a cold start takes its time on a busy machine
STARTED = 'count by (revision, tag) (process_start_time_seconds{tag="canary"})'
ALWAYS = """\
[[metrics.groups]]
name = "mine"
[[metrics.groups.rules]]
alert = "{name}"
expr = "{expression}"
labels = {{ severity = "critical" }}
"""
NEVER = """\
groups:
- name: own
  rules:
  - alert: Failures
    expr: rate(memory_analysis_cache_hit_total[5m]) > 0.1
    for: 5m
"""


@pytest.fixture(scope="module")
def released() -> Iterator[Local]:
    """A canary with traffic, which fails some of it."""
    with running_simulator("bad-canary") as local:
        yield local


@pytest.fixture
def command(tmp_path: Path, released: Local) -> CommandLine:
    """The command line at that service; it scrapes every second."""
    made = CommandLine(tmp_path, released.endpoint)
    made.config(QUICK)
    return made


def targets(answer: dict[str, Any]) -> dict[str | None, dict[str, Any]]:
    """The URLs that were scraped, by tag."""
    return {target["tag"]: target for target in answer["targets"]}


def test_signals_of_both_revisions_and_how_they_are_scraped(command: CommandLine) -> None:
    ended = command.run("metrics", "--for", "4s", "--json")
    answer = ended.json
    assert "error" not in answer, ended.err
    assert (answer["stable"], answer["canary"]) == (STABLE, CANARY)
    assert (answer["engine"], answer["problem"]) == ("local", None)
    signals = {each["id"]: each for each in answer["signals"]}
    assert signals["errors"]["kind"] == "ratio"
    assert signals["errors"]["stable"]["n"] > 0
    assert 0 <= signals["errors"]["stable"]["value"] <= 1
    found = targets(answer)
    assert found["canary"]["revision"] == CANARY
    assert found[None]["revision"] is None
    assert all(target["state"] == "live" and target["series"] > 50 for target in found.values())
    assert {each["revision"] for each in answer["instances"]} == {STABLE, CANARY}
    assert ended.code == ENDS[answer["verdict"]]
    assert "scraping emergence-app for 4.0 s" in ended.err


def test_people_read_a_table(command: CommandLine) -> None:
    ended = command.run("metrics", "--for", "4s")
    lines = ended.out.splitlines()
    assert lines[0].startswith("emergence-app   europe-west1")
    assert lines[1].split()[:5] == ["SIGNAL", "STABLE", "00275-2jb", "CANARY", "00279-kub"]
    assert any(line.startswith("errors") and "%" in line for line in lines)
    assert any(line.startswith("over ") and " · " in line for line in lines)
    assert any(line.startswith("http://canary---emergence-app") and "live" in line for line in lines)
    assert "the canary against the stable revision: " in ended.err
    assert "\x1b" not in ended.out + ended.err


def test_an_expression_over_live_series(command: CommandLine) -> None:
    ended = command.run("query", STARTED, "--for", "3s", "--json")
    assert ended.code == Exit.OK
    assert [each["metric"] for each in ended.json["result"]] == [{"revision": CANARY, "tag": "canary"}]
    ended = command.run("query", "memory_analysis_sucess_total", "--for", "3s")
    assert ended.code == Exit.FAILED
    assert "nothing found: there is no metric memory_analysis_sucess_total; did you mean memory_" in ended.err


def test_an_expression_that_cannot_be_asked_is_refused_before_the_service_is_found(command: CommandLine) -> None:
    ended = command.run("query", "rate(up)", "--for", "1h")
    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert ended.err.splitlines()[-1] == "  mend: say how far back it looks: x[5m]"


@pytest.mark.parametrize(
    ("name", "expression", "code", "state"),
    [
        ("Up", SEEN, Exit.FAILED, "firing"),
        ("Down", "process_start_time_seconds < 0", Exit.OK, "inactive"),
        ("Gone", "no_such_metric > 1", Exit.FAILED, "no data"),
    ],
)
def test_alerts_end_by_their_states(
    name: str, expression: str, code: Exit, state: str, command: CommandLine
) -> None:
    command.config(QUICK + ALWAYS.format(name=name, expression=expression))
    ended = command.run("alerts", "--for", "2s", "--json")
    assert ended.code == code
    assert {alert["state"] for alert in ended.json["alerts"]} == {state}
    assert {alert["severity"] for alert in ended.json["alerts"]} == {"critical"}


def test_a_pending_alert_says_when_it_will_fire_and_counts_when_asked_for(command: CommandLine) -> None:
    command.config(QUICK + ALWAYS.format(name="Up", expression=SEEN) + 'for = "5m"\n')
    ended = command.run("alerts", "--for", "2s", "--pending")
    assert ended.code == Exit.FAILED
    assert ended.out.splitlines()[1].split() == ["STATE", "ALERT", "REVISION", "VALUE", "SINCE", "FIRES"]
    assert ended.out.splitlines()[2].split()[:3] == ["pending", "Up", "00279-kub"]


def test_rules_are_held_against_live_series(command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(NEVER)
    ended = command.run("rules", "check", str(tmp_path / "own.yml"), "--live", "--for", "3s")
    assert ended.code == Exit.FAILED
    assert "never fires: there is no metric memory_analysis_cache_hit_total" in ended.out
    assert command.run("rules", "check", "--live", "--for", "3s").code == Exit.OK


@pytest.mark.parametrize("words", [("metrics",), ("query", "up")])
def test_an_interrupt_ends_the_waiting_at_once(words: tuple[str, ...], command: CommandLine) -> None:
    with command.start(*words, "--for", "1h") as process:
        assert process.stderr is not None
        try:
            assert process.stderr.readline() == "scraping emergence-app for 1 h …\n"
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
        assert (process.returncode, out) == (130, "")
        assert err == "\ncockpit: interrupted; nothing was changed\n"


def test_a_reader_that_went_away_is_no_error(command: CommandLine) -> None:
    words = command.words("query", '{__name__=~".+"}', "--for", "2s")
    with subprocess.Popen(
        words, env=command.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().split() == ["VALUE", "SERIES"]
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
        assert process.wait(30) == Exit.OK


def test_metrics_that_are_switched_off_are_no_pass(tmp_path: Path) -> None:
    with running_simulator("metrics-disabled") as local:
        command = CommandLine(tmp_path, local.endpoint)
        command.config(QUICK)
        ended = command.run("metrics", "--for", "3s", "--json")
        assert (ended.code, ended.json["verdict"]) == (Exit.FAILED, "no data")
        problem = targets(ended.json)["canary"]["problem"]
        assert problem["kind"] == "switched-off"
        assert "Metrics disabled. Set CONCEPT_RECALL_METRICS_ENABLED=true" in problem["message"]
        ended = command.run("alerts", "--for", "3s")
        assert ended.code == Exit.FAILED
        assert "! the endpoint gives no metrics and says: Metrics disabled." in ended.err


@pytest.mark.parametrize("words", [("metrics",), ("rules", "check", "--live")])
def test_nobody_there_is_unreachable(words: tuple[str, ...], tmp_path: Path) -> None:
    command = CommandLine(tmp_path, "127.0.0.1:1")
    ended = command.run(*words, "--json")
    assert ended.code == Exit.UNREACHABLE
    assert ended.json["error"]["kind"] == "unreachable"
    assert "connection refused" in ended.err


def test_waiting_for_a_service_that_is_not_scraped_is_refused(command: CommandLine) -> None:
    ended = command.run("metrics", "--engine", "http://127.0.0.1:1", "--for", "5s")
    assert ended.code == Exit.USAGE
    assert "--for is how long the service is scraped" in ended.err


def test_an_engine_that_does_not_answer_is_unreachable(command: CommandLine) -> None:
    ended = command.run("query", "up", "--engine", "http://127.0.0.1:1", "--json")
    assert ended.code == Exit.UNREACHABLE
    assert ended.json["error"]["kind"] == "unreachable"


@needs_prometheus
def test_another_engine_answers_the_same_commands(command: CommandLine, released: Local, tmp_path: Path) -> None:
    tags = {
        "emergence-app": {"service": "emergence-app", "revision": STABLE},
        "canary---emergence-app": {"service": "emergence-app", "revision": CANARY, "tag": "canary"},
    }
    with running_prometheus(tmp_path, [scrape_config(released, tags, "2s")]) as server:
        server.wait_for("sum(count_over_time(process_start_time_seconds[1m]) >= bool 3) == 2", 60)
        engine = ("--engine", server.url)
        ended = command.run("query", STARTED, *engine, "--json")
        assert ended.code == Exit.OK
        assert [each["metric"] for each in ended.json["result"]] == [{"revision": CANARY, "tag": "canary"}]
        ended = command.run("query", "sum(rate(up[1m]", *engine)
        assert ended.code == Exit.USAGE
        assert ended.err.splitlines()[2].strip() == "^"
        ended = command.run("query", "memory_analysis_sucess_total", *engine)
        assert ended.code == Exit.FAILED
        assert "nothing found: there is no metric memory_analysis_sucess_total; did you mean" in ended.err
        ended = command.run("metrics", *engine, "--json")
        assert ended.code == ENDS[ended.json["verdict"]]
        assert ended.json["engine"] == server.url
        assert {each["id"] for each in ended.json["signals"] if each["stable"]} >= {"cpu", "memory"}
        ended = command.run("alerts", *engine, "--json")
        assert {alert["rule"] for alert in json.loads(ended.out)["alerts"]} >= {"AnalysisFailureRatio"}
        assert command.run("rules", "check", "--live", *engine).code == Exit.OK
