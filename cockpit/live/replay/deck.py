"""The play head of a recording, moved by a clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SLOWEST, FASTEST = 1 / 8, 512.0


class Deck:
    """A `Player`. While it runs, times at which nobody looked are passed over.

    `spans` (epoch seconds) are when somebody looked; `now` gives seconds of a clock that only goes on. `changed`
    is called after whatever somebody does to it.
    """

    def __init__(
        self,
        name: str,
        spans: Sequence[tuple[float, float]],
        now: Callable[[], float],
        changed: Callable[[], None],
        *,
        damage: str = "",
    ) -> None:
        self.name = name
        self.damage = damage
        self.read = 0.0
        self.speed = 1.0
        self._spans = spans
        self._now = now
        self._changed = changed
        self._at = self.begun
        self._since: float | None = None

    @property
    def begun(self) -> float:
        """The recording's first moment."""
        return self._spans[0][0]

    @property
    def ended(self) -> float:
        """Its last."""
        return self._spans[-1][1]

    @property
    def head(self) -> float:
        """The moment that is shown now."""
        return self._at if self._since is None else self._along((self._now() - self._since) * self.speed)

    @property
    def runs(self) -> bool:
        """Whether the head moves by itself."""
        return self._since is not None and self.head < self.ended

    def play(self) -> None:
        """Let the head move on; at the end of the recording from its beginning."""
        if self.head >= self.ended:
            self._at, self._since = self.begun, None
        self._set(self.head, runs=True)

    def pause(self) -> None:
        """Let it stand."""
        self._set(self.head, runs=False)

    def seek(self, at: float) -> None:
        """Put the head at a moment, at the nearest one there is; it goes on as it did."""
        self._set(min(max(at, self.begun), self.ended), runs=self.runs)

    def run_at(self, speed: float) -> None:
        """Play so many times as fast, within what makes sense."""
        head, runs = self.head, self.runs
        self.speed = min(max(speed, SLOWEST), FASTEST)
        self._set(head, runs=runs)

    def _set(self, at: float, *, runs: bool) -> None:
        self._at, self._since = at, self._now() if runs else None
        self._changed()

    def _along(self, seconds: float) -> float:
        """Where the head is after so much of what was recorded."""
        at = self._at
        for since, until in self._spans:
            if until <= at:
                continue
            at = max(at, since)
            if at + seconds <= until:
                return at + seconds
            seconds -= until - at
            at = until
        return self.ended
