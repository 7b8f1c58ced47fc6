"""`cockpit demo` as a user meets it: in a terminal, with keys, and pulled about."""

from __future__ import annotations

import os
import re
import signal
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.simulated import running_simulator
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

STARTED = 40.0
ENDED = 20.0


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    """The demo, its service on the screen."""
    config = tmp_path / "config.toml"
    config.write_text(f'[log]\nfile = "{tmp_path / "cockpit.log"}"\n', encoding="utf-8")
    command = [sys.executable, "-m", "cockpit", "demo", "--config", str(config)]
    with Terminal(command) as terminal:
        terminal.wait_text("serving what was asked", STARTED)
        yield terminal


def children(terminal: Terminal) -> list[psutil.Process]:
    """Every process the demo has started: the simulator, its instances, its load."""
    return psutil.Process(terminal.process.pid).children(recursive=True)


def all_gone(processes: list[psutil.Process]) -> bool:
    """Whether none of them is left, within some seconds."""
    return not psutil.wait_procs(processes, timeout=ENDED)[1]


def shift_half(demo: Terminal) -> None:
    """Give the canary half of the traffic, by keys."""
    demo.press("a")
    demo.wait_text("ARMED")
    demo.press("j")
    demo.press("s")
    demo.wait_text("Shift traffic")
    demo.settle(0.5, 2.0)
    demo.press("50")
    demo.wait_text("+50")
    for key in ("enter", "right", "enter"):
        demo.press(key)
        demo.settle(0.3, 1.0)


def test_a_canary_gets_its_share_by_keys_and_loses_it_by_undo(demo: Terminal) -> None:
    """The main job, whole: arm, shift, see requests move, undo."""
    shift_half(demo)
    demo.wait_text("serving after", 30.0)
    demo.press("escape")
    demo.wait(lambda lines: any("00279-kub" in line and "50 %" in line for line in lines))
    demo.wait(lambda lines: canary_share(lines) > 0, 30.0)
    demo.press("u")
    demo.wait_text("−50")
    demo.settle(0.5, 2.0)
    for key in ("right", "enter"):
        demo.press(key)
        demo.settle(0.3, 2.0)
    demo.wait(lambda lines: sum("serving after" in line for line in lines) >= 2, 30.0)


def canary_share(lines: list[str]) -> int:
    """The second percent of the row `observed`; 0 while there is none."""
    row = next((line for line in lines if line.startswith(" observed")), "")
    percents = re.findall(r" (\d+)(?= |$)", re.sub(r"[\d,]+ requests/min.*|≠.*", "", row))
    return int(percents[1]) if len(percents) > 1 else 0


def test_it_lives_through_any_size(demo: Terminal) -> None:
    """Too small to say anything, too small for panes, and back."""
    for columns, rows in ((10, 3), (1, 1), (60, 20), (300, 100), (120, 40)):
        demo.resize(columns, rows)
        demo.settle(0.3, 3.0)
    demo.wait_text("serving what was asked")
    assert demo.process.poll() is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(demo: Terminal, number: signal.Signals) -> None:
    """The terminal is given back, nothing is left running, and the exit code says which signal it was."""
    started = children(demo)
    assert started
    os.kill(demo.process.pid, number)
    assert demo.wait_exit(ENDED) == 128 + number
    assert all_gone(started)
    for restored in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l"):
        assert restored in demo.raw


def test_leaving_while_a_change_travels_says_where_it_is_kept(tmp_path: Path) -> None:
    """SIGTERM in the middle of a shift: the terminal is given back, with a word on what goes on without us."""
    config = tmp_path / "config.toml"
    config.write_text(
        f'[journal]\npath = "{tmp_path / "journal"}"\n[log]\nfile = "{tmp_path / "log"}"\n', encoding="utf-8"
    )
    with running_simulator("healthy", "--load", "0") as local:
        where = ["--config", str(config), "--endpoint", local.endpoint, "--service", local.service]
        with Terminal([sys.executable, "-m", "cockpit", *where]) as terminal:
            terminal.wait_text("serving what was asked", STARTED)
            shift_half(terminal)
            terminal.wait_text("following the operation")
            terminal.process.terminate()
            assert terminal.wait_exit(ENDED) == 128 + signal.SIGTERM
            assert any("left while change 1 was" in line for line in terminal.lines)
            assert any("cockpit history" in line for line in terminal.lines)


def test_nothing_outlives_it_when_it_is_killed(demo: Terminal) -> None:
    """kill -9 on the app takes the local Cloud Run, its instances and its load along."""
    started = children(demo)
    assert len(started) >= 3
    demo.process.kill()
    assert all_gone(started)


def test_it_says_what_it_lost_when_the_local_cloud_run_dies(demo: Terminal) -> None:
    """A failed feed is a badge with an age; what was known stays on the screen."""
    simulator = next(each for each in children(demo) if "simulate" in each.cmdline())
    simulator.kill()
    demo.wait(lambda lines: ("○" in lines[1] or "✗" in lines[1]) and "live" not in lines[1], 40.0)
    assert any("00275-2jb" in line for line in demo.lines)
    assert demo.process.poll() is None
