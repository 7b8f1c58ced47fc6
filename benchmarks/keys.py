"""From a key press to its first effect on the screen, while the load runs."""

from __future__ import annotations

from benchmarks.figures import Figure, percentile
from benchmarks.local import cockpit
from tests.simulated import running_simulator
from tests.terminal import Terminal

PRESSES = 200


def measure() -> list[Figure]:
    """Move the cursor down and up through the revisions, as someone reading does."""
    with running_simulator() as local, cockpit(local) as terminal:
        delays = [_delay(terminal, "jk"[press % 2]) * 1000 for press in range(PRESSES)]
    return [
        Figure("key to paint, p50", percentile(delays, 0.50), "ms", 5, f"{PRESSES} presses under live load"),
        Figure("key to paint, p95", percentile(delays, 0.95), "ms", 16),
        Figure("key to paint, worst", max(delays), "ms"),
    ]


def _delay(terminal: Terminal, key: str) -> float:
    terminal.settle(0.05, 0.3)
    before = _selected(terminal)
    pressed = terminal.press(key)
    return terminal.wait(lambda _: _selected(terminal) != before, 2.0) - pressed


def _selected(terminal: Terminal) -> int:
    """The row that is lit: the one whose cells' background is not its neighbours'."""
    screen = terminal.screen
    column = 4
    backgrounds = [screen.buffer[row][column].bg for row in range(screen.lines)]
    common = max(set(backgrounds), key=backgrounds.count)
    return next((row for row in range(6, screen.lines) if backgrounds[row] != common), -1)
