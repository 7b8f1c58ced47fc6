"""The commands that change something: each moves real traffic of a simulator, or says why it did not."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from cockpit.cli.exits import Exit
from tests.cli.commands import CommandLine
from tests.cli.test_as_json import CHANGE
from tests.simulated import running_simulator
from tests.terminal import Terminal

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.simulated import Local

pytestmark = pytest.mark.slow

STABLE, CANARY = "emergence-app-00275-2jb", "emergence-app-00279-kub"
PRODUCTION = '[safety]\nproduction = ["emergence-*"]\n'


BEFORE = [(STABLE, 100, None), (CANARY, 0, "canary")]
AFTER = [(STABLE, 90, None), (CANARY, 10, None), (CANARY, 0, "canary")]


@pytest.fixture
def cockpit(tmp_path: Path, simulator: Callable[..., Local]) -> CommandLine:
    """The command line at a simulator of its own, without load."""
    return CommandLine(tmp_path, simulator("healthy", "--load", "0").endpoint)


@pytest.fixture(scope="module")
def quiet() -> Iterator[Local]:
    """One simulator without load, for every test that must leave its traffic as it is."""
    with running_simulator("healthy", "--load", "0") as local:
        yield local


@pytest.fixture
def refused(tmp_path: Path, quiet: Local) -> Iterator[CommandLine]:
    """The command line at that simulator; whatever the test tried, nothing was changed by it."""
    yield CommandLine(tmp_path, quiet.endpoint)
    assert spec(quiet.endpoint) == BEFORE


def spec(endpoint: str) -> list[tuple[str, int, str | None]]:
    """The targets of the service, read past the cockpit."""
    name = "projects/emergence-469005/locations/europe-west1/services/emergence-app"
    answer = httpx.get(f"http://{endpoint}/v2/{name}", timeout=30, trust_env=False)
    targets: list[dict[str, Any]] = answer.raise_for_status().json()["traffic"]
    return [(target["revision"], target.get("percent", 0), target.get("tag")) for target in targets]


def test_shift_undo_and_rollback_with_a_history(cockpit: CommandLine) -> None:
    ended = cockpit.run("shift", "--yes", "--json", "00279-kub=10")
    assert ended.code == Exit.OK, ended.err
    change = ended.json["change"]
    assert change.keys() == CHANGE
    assert (change["outcome"], change["intent"], change["id"]) == ("applied", "shift", 1)
    assert 0 < change["time_to_serving"] < 30
    assert change["generation_after"] == change["generation"] + 1
    assert "following the operation" in ended.err
    assert spec(cockpit.endpoint) == AFTER

    assert cockpit.run("shift", "--yes", "00279-kub=10").out.endswith("this is what was asked already\n")

    ended = cockpit.run("undo", "--yes")
    assert ended.code == Exit.OK
    assert "applied; serving after" in ended.out
    assert spec(cockpit.endpoint) == BEFORE

    assert cockpit.run("rollback", "--yes", "--json").json["change"]["intent"] == "rollback"
    assert spec(cockpit.endpoint) == AFTER

    changes = cockpit.run("history", "--json").json["changes"]
    assert [(row["id"], row["intent"], row["outcome"]) for row in changes] == [
        (3, "rollback", "applied"), (2, "undo", "applied"), (1, "shift", "applied"),
    ]  # fmt: skip
    assert len(cockpit.run("history", "--limit", "2").out.splitlines()) == 3


def test_tags_are_put_moved_and_removed(cockpit: CommandLine) -> None:
    assert cockpit.run("tag", "next", "00274-m4w", "--yes").code == Exit.OK
    assert ("emergence-app-00274-m4w", 0, "next") in spec(cockpit.endpoint)
    assert cockpit.run("tag", "next", "tag:canary", "--yes").code == Exit.OK
    assert (CANARY, 0, "next") in spec(cockpit.endpoint)
    assert cockpit.run("tag", "--remove", "next", "--yes").code == Exit.OK
    assert spec(cockpit.endpoint) == BEFORE
    for words, says in [
        (["tag", "Next", CANARY], "cannot be a tag"),
        (["tag", "--remove", "next"], "there is no tag 'next'"),
        (["tag", "x" * 40, CANARY], "too long"),
        (["tag", "next", "LATEST"], "follows LATEST"),
    ]:
        ended = cockpit.run(*words, "--yes")
        assert says in ended.err
        assert ended.code in {Exit.REFUSED, Exit.USAGE}


def test_a_failed_revision_gets_nothing(refused: CommandLine) -> None:
    ended = refused.run("shift", "--to", "00276-jvb", "--yes", "--json")
    assert ended.code == Exit.REFUSED
    assert ended.json["change"]["problem"]["kind"] == "bad-revision"


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ([], "there is no terminal to ask on"),
        (["--yes"], "emergence-app is a production service"),
        (["--confirm", "emergence-app"], "there is no terminal to ask on"),
        (["--yes", "--confirm", "another"], "--confirm names another, but the change is of emergence-app"),
    ],
)
def test_production_wants_its_name_off_a_terminal(refused: CommandLine, flags: list[str], says: str) -> None:
    refused.config(PRODUCTION)
    ended = refused.run("shift", "00279-kub=10", *flags)
    assert ended.code == Exit.REFUSED
    assert says in ended.err


def test_production_named_is_changed(cockpit: CommandLine) -> None:
    cockpit.config(PRODUCTION)
    assert cockpit.run("shift", "00279-kub=10", "--yes", "--confirm", "emergence-app").code == Exit.OK
    assert spec(cockpit.endpoint) == AFTER


def test_a_read_only_cockpit_refuses(refused: CommandLine) -> None:
    refused.config("[safety]\nread_only = true\n")
    ended = refused.run("shift", "00279-kub=10", "--yes")
    assert ended.code == Exit.REFUSED
    assert "read-only by its settings" in ended.err


def answered(command: CommandLine, question: str, typed: str) -> int:
    """The exit code of a shift that asked on a terminal and was answered so."""
    with Terminal(command.words("shift", "00279-kub=10", "--yes"), columns=200, env=command.env) as terminal:
        terminal.wait_text(question)
        terminal.press(typed, "enter")
        return terminal.wait_exit(30)


@pytest.mark.parametrize("typed", ["", "n", "yep"])
def test_a_no_on_the_terminal_is_a_no(refused: CommandLine, typed: str) -> None:
    with Terminal(refused.words("shift", "00279-kub=10"), columns=200, env=refused.env) as terminal:
        terminal.wait_text("change emergence-app? [y/N]")
        terminal.press(typed, "enter")
        assert terminal.wait_exit(30) == Exit.REFUSED


def test_a_yes_on_the_terminal_is_a_yes(cockpit: CommandLine) -> None:
    with Terminal(cockpit.words("shift", "00279-kub=10"), columns=200, env=cockpit.env) as terminal:
        terminal.wait_text("change emergence-app? [y/N]")
        terminal.press("y", "enter")
        assert terminal.wait_exit(30) == Exit.OK
    assert spec(cockpit.endpoint) == AFTER


def test_a_terminal_is_asked_for_a_production_word(cockpit: CommandLine) -> None:
    cockpit.config(PRODUCTION)
    question = "emergence-app is production: type 00279-kub to change it:"
    for typed in ("y", "00275-2jb", ""):
        assert answered(cockpit, question, typed) == Exit.REFUSED
    assert spec(cockpit.endpoint) == BEFORE
    assert answered(cockpit, question, "10 %") == Exit.OK
    assert spec(cockpit.endpoint) == AFTER


def test_ctrl_c_at_the_question_changes_nothing(refused: CommandLine) -> None:
    with Terminal(refused.words("shift", "00279-kub=10"), columns=200, env=refused.env) as terminal:
        terminal.wait_text("[y/N]")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.wait_exit(30) == 128 + signal.SIGINT
        assert any("nothing was changed" in line for line in terminal.lines)


def _until_line(process: subprocess.Popen[str], text: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    raise AssertionError(f"it never said {text!r}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_on_the_way_leaves_the_journal_to_tell(cockpit: CommandLine, number: signal.Signals) -> None:
    with cockpit.start("shift", "00279-kub=10", "--yes") as process:
        _until_line(process, "following the operation")
        process.send_signal(number)
        assert process.stderr is not None
        said = process.stderr.read()
        assert process.wait(30) == Exit.UNKNOWN, said
    assert f"{number.name} while change 1 was following the operation" in said
    assert "the journal has it" in said

    # The operation's name may be missing: the signal may come between Cloud Run's answer and the journal.
    [under_way] = cockpit.run("history", "--json").json["changes"]
    assert under_way["outcome"] is None
    assert spec(cockpit.endpoint) == AFTER
    assert "applied" in cockpit.run("status").err
    [known] = cockpit.run("history", "--json").json["changes"]
    assert known["outcome"] == "applied"


def test_a_signal_before_the_write_changes_nothing(refused: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        endpoint = f"127.0.0.1:{silent.getsockname()[1]}"
        with refused.start("shift", "00279-kub=10", "--yes", "--endpoint", endpoint) as process:
            connection, _ = silent.accept()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 128 + signal.SIGTERM
            connection.close()
            assert process.stderr is not None
            assert "SIGTERM; nothing was changed" in process.stderr.read()


def test_denied_is_named(cockpit_at: Callable[[str], CommandLine], simulator: Callable[..., Local]) -> None:
    command = cockpit_at(simulator("forbidden", "--load", "0").endpoint)
    ended = command.run("shift", "00279-kub=10", "--yes", "--json")
    assert ended.code == Exit.FAILED
    problem = ended.json["change"]["problem"]
    assert problem["kind"] == "denied"
    assert "run.services.update" in problem["message"]


def test_a_journal_that_cannot_be_written_stops_before_the_write(refused: CommandLine) -> None:
    in_the_way = refused.home / "file"
    in_the_way.touch()
    refused.config(f'[journal]\npath = "{in_the_way}/journal.sqlite3"\n')
    ended = refused.run("shift", "00279-kub=10", "--yes", "--json")
    assert ended.code == Exit.REFUSED
    assert str(in_the_way) in ended.json["change"]["problem"]["message"]
