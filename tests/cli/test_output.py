from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

from cockpit.cli.exits import CommandError
from cockpit.cli.output import Output, Styled

SHOW = """
from cockpit.cli.output import Output, Styled
Output().say("a ", Styled("b", "red"))
"""


def test_nothing_reaches_a_terminal_raw(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(env={})
    output.say("a\x1b[2J", Styled("b\u202e\x9b", "red"))
    output.table(("NAME\x07",), [("x\x1b]0;t\x07\ny",)])
    output.note("n\x00")
    captured = capsys.readouterr()
    assert captured.out == "a␛[2Jb��\nNAME␇\nx␛]0;t␇␊y\n"
    assert captured.err == "n␀\n"


def test_json_is_ascii_and_stands_alone(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=True, env={})
    output.say("not this")
    output.table(("A",), [("nor this",)])
    output.answer({"name": "é\x1b\x9b"})
    out = capsys.readouterr().out
    assert out.isascii()
    assert "\x1b" not in out
    assert json.loads(out) == {"name": "é\x1b\x9b"}


def test_columns_line_up_and_empty_ones_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    Output(env={}).table(
        ("NAME", "EMPTY", "PERCENT", "WHY"), [("한국", "", "5 %", ""), ("b", "", "100 %", "x")], right=(2,)
    )
    assert capsys.readouterr().out.splitlines() == ["NAME  PERCENT  WHY", "한국      5 %", "b       100 %  x"]


def test_an_error_is_told_to_people_and_to_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=True, env={}).error(CommandError("it broke", "mend it", kind="denied"))
    captured = capsys.readouterr()
    assert captured.err == "cockpit: it broke\n  mend: mend it\n"
    assert json.loads(captured.out) == {"error": {"kind": "denied", "message": "it broke", "mend": "mend it"}}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("env", "coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False), ({"TERM": "xterm", "NO_COLOR": "1"}, False)],
)
def test_colour_only_on_a_terminal_that_wants_it(env: dict[str, str], coloured: bool) -> None:
    master, slave = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}}
    try:
        subprocess.run([sys.executable, "-c", SHOW], stdout=slave, env=clean | env, timeout=30, check=True)
        shown = os.read(master, 1000)
    finally:
        os.close(slave)
        os.close(master)
    assert (b"\x1b[31mb" in shown) is coloured


@pytest.mark.slow
def test_no_colour_off_a_terminal() -> None:
    done = subprocess.run([sys.executable, "-c", SHOW], capture_output=True, timeout=30, check=True)
    assert done.stdout == b"a b\n"


@pytest.mark.slow
def test_a_reader_that_went_away_ends_nothing() -> None:
    code = (
        SHOW + "import sys\nfor _ in range(20000): Output().say('x' * 100)\nprint('still here', file=sys.stderr)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b"still here\n"
        assert process.wait(30) == 0
