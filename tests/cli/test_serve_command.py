"""`cockpit serve` where it cannot: what is wrong is said before anything is served."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from cockpit.cli import run
from cockpit.cli.exits import Exit

pytestmark = pytest.mark.usefixtures("log_put_away")


def refused(folder: Path, *words: str) -> int:
    """The exit code of a command that must end by itself."""
    config = folder / "config.toml"
    config.write_text(f'[log]\nfile = "{folder}/log"\n', encoding="utf-8")
    return run(["serve", "--config", str(config), *words])


def test_a_port_that_is_taken_is_named_with_a_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert refused(tmp_path, "--port", port) == Exit.USAGE
    said = capsys.readouterr()
    assert f"port {port} on this machine cannot be listened on" in said.err
    assert "mend: choose another --port" in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "80"], "1024 to 65535"),
        (["--port", "http"], "1024 to 65535"),
        (["--port", "65536"], "1024 to 65535"),
        (["--pages", "0"], "1 to 32"),
        (["--pages", "many"], "1 to 32"),
        (["--endpoint", "nowhere"], "is not HOST:PORT"),
        (["--project", "no project!"], "no project!"),
        (["no-such-recording"], "no-such-recording"),
    ],
)
def test_what_cannot_be_is_one_line_and_a_mend(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(tmp_path, *words) in {Exit.USAGE, Exit.FAILED}
    wrong = capsys.readouterr()
    assert said in wrong.err
    assert "mend: " in wrong.err
    assert wrong.out == ""
