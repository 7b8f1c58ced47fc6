"""What a view sees of the way a recording is played."""

from __future__ import annotations

from typing import Protocol


class Player(Protocol):
    """The play head of a recording: it runs `speed` times as fast as time did, stands still, or is put elsewhere.

    Times are epoch seconds. Every change is told as the session's own are: to whoever subscribed to it.
    """

    @property
    def name(self) -> str:
        """The recording's file, as people know it."""
        ...

    @property
    def damage(self) -> str:
        """What is missing of the file, "" for a whole one."""
        ...

    @property
    def begun(self) -> float:
        """Its first moment."""
        ...

    @property
    def ended(self) -> float:
        """Its last moment: the head stops there by itself."""
        ...

    @property
    def head(self) -> float:
        """The moment that is shown now."""
        ...

    @property
    def runs(self) -> bool:
        """Whether the head moves by itself."""
        ...

    @property
    def speed(self) -> float:
        """How many times as fast as it was."""
        ...

    @property
    def read(self) -> float:
        """The part of its samples and log entries that is at hand, 0 to 1."""
        ...

    def play(self) -> None:
        """Let the head move on; at the end of the recording from its beginning."""
        ...

    def pause(self) -> None:
        """Let it stand."""
        ...

    def seek(self, at: float) -> None:
        """Put the head at a moment, at the nearest one there is; it goes on as it did."""
        ...

    def run_at(self, speed: float) -> None:
        """Play so many times as fast, within what makes sense."""
        ...
