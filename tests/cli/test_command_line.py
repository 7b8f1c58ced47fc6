"""What needs no service: help, versions, usage, and what a command loads."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cockpit.cli import COMMANDS, run
from cockpit.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.commands import CommandLine

HEAVY = ("grpc", "google", "textual", "rich", "httpx", "msgspec", "sqlite3", "plotext")
LOADED = """
import json, sys
from cockpit.cli import run
code = run(sys.argv[1:])
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
print(json.dumps(sorted(name for name in sys.modules if name.startswith("cockpit"))), file=sys.stderr)
sys.exit(code)
"""
OURS = [name for name in COMMANDS if name not in {"demo", "simulate"}]


def loaded(*words: str) -> tuple[set[str], set[str]]:
    """The packages and the cockpit's own modules that a fresh interpreter has loaded after a command."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], capture_output=True, text=True, timeout=30, check=True
    )
    packages, modules = done.stderr.splitlines()[-2:]
    return set(json.loads(packages)), set(json.loads(modules))


@pytest.mark.parametrize("words", [["--help"], ["--version"], *([name, "--help"] for name in OURS)])
def test_help_and_version_load_nothing_heavy(words: list[str]) -> None:
    packages, modules = loaded(*words)
    assert packages.isdisjoint(HEAVY)
    assert {module.removeprefix("cockpit.cli.") for module in modules} & COMMANDS.keys() <= set(words)


@pytest.mark.slow
def test_a_reading_command_loads_no_terminal_library(cockpit: CommandLine) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, "status", "--json"],
        env=cockpit.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    packages = set(json.loads(done.stderr.splitlines()[-2]))
    assert packages.isdisjoint({"textual", "rich", "plotext", "uvicorn", "starlette", "httpx"})
    assert "grpc" in packages


def test_top_help_names_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in COMMANDS)
    assert all(f"\n  {code.value}  " in out for code in Exit)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["bogus"], "invalid choice: 'bogus'"),
        (["--bogus"], "unrecognized arguments: --bogus"),
        (["status", "--bogus"], "unrecognized arguments: --bogus"),
        (["status", "--project"], "--project: expected one argument"),
        (["--region"], "--region: expected one argument"),
        (["shift", "a"], "'a' is not REV=PERCENT"),
        (["shift", "a=101"], "'a=101' is not REV=PERCENT"),
        (["shift", "a=-1"], "'a=-1' is not REV=PERCENT"),
        (["shift", "a=1.5"], "'a=1.5' is not REV=PERCENT"),
        (["shift", "=5"], "'=5' is not REV=PERCENT"),
        (["shift"], "say what to shift"),
        (["shift", "--to", "a", "a=5"], "not both"),
        (["plan", "--undo", "--rollback"], "not allowed with"),
        (["tag", "canary"], "give NAME REV, or --remove NAME"),
        (["tag", "canary", "a", "--remove", "b"], "give NAME REV, or --remove NAME"),
        (["history", "--limit", "x"], "invalid int value: 'x'"),
    ],
)
def test_bad_usage_is_one_line_and_a_mend(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == Exit.USAGE
    captured = capsys.readouterr()
    first, second = captured.err.splitlines()
    assert says in first
    assert second.startswith("  mend: ")
    assert captured.out == ""


def test_with_json_an_error_is_an_answer_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shift", "--json", "a=101"]) == Exit.USAGE
    captured = capsys.readouterr()
    assert '"kind": "usage"' in captured.out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["status", "--endpoint", "nowhere"], Exit.USAGE, "--endpoint: service.endpoint is not HOST:PORT"),
        (["status", "--endpoint", "example.com:80"], Exit.FAILED, "is not on this machine"),
        (["status", "--config", "gone.toml"], Exit.USAGE, "gone.toml: no such file"),
        (["status", "--region", "Mars"], Exit.FAILED, "'Mars' is not a region"),
        (["watch"], Exit.USAGE, "the terminal app needs a terminal"),
        ([], Exit.USAGE, "the terminal app needs a terminal"),
        (["shift", "a=5"], Exit.REFUSED, "there is no terminal to ask on"),
    ],
)
def test_bad_places_are_named(
    cockpit_at: Callable[[str], CommandLine], words: list[str], code: Exit, says: str
) -> None:
    ended = cockpit_at("").run(*words)
    assert (ended.code, ended.out) == (code, "")
    assert says in ended.err.splitlines()[0]


def test_broken_settings_are_named_with_their_line(cockpit_at: Callable[[str], CommandLine]) -> None:
    command = cockpit_at("")
    command.config("[service]\nregoin = 'x'\n")
    ended = command.run("status")
    assert ended.code == Exit.USAGE
    assert "cockpit.toml:2: service.regoin is no setting" in ended.err
    assert "did you mean region?" in ended.err
