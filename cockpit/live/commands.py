"""The command log: what ran, as gcloud, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cockpit.live.snapshot import Command

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cockpit.live.snapshot import Snapshot
    from cockpit.live.state import State

KEPT = 200


@dataclass(frozen=True, slots=True)
class Running:
    """One line of the log whose result is still to come."""

    number: int
    tell: Callable[[int, str], None]

    def result(self, text: str) -> None:
        """How it stands or ended, in place of what was said before."""
        self.tell(self.number, text)


class CommandLog:
    """Writes the `commands` of a snapshot; the oldest beyond `KEPT` go."""

    def __init__(self, state: State, wall: Callable[[], datetime]) -> None:
        self._state = state
        self._wall = wall
        self._written = 0

    def run(self, line: str, result: str = "") -> Running:
        """Add a line; the answer takes its result later."""
        command = Command(self._wall(), line, result)
        self._state.fold(lambda snapshot: replace(snapshot, commands=(*snapshot.commands, command)[-KEPT:]))
        self._written += 1
        return Running(self._written, self._tell)

    def note(self, text: str) -> None:
        """Add what no gcloud command does, as a shell comment."""
        self.run(f"# {text}")

    def _tell(self, number: int, text: str) -> None:
        def told(snapshot: Snapshot) -> Snapshot:
            place = len(snapshot.commands) - 1 - (self._written - number)
            if place < 0:
                return snapshot
            lines = list(snapshot.commands)
            lines[place] = replace(lines[place], result=text)
            return replace(snapshot, commands=tuple(lines))

        self._state.fold(told)
