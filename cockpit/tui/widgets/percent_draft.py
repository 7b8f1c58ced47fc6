"""A split while it is being edited: whatever is typed, the percents sum to 100."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cockpit.release.traffic import Split, percents, shift


@dataclass(frozen=True, slots=True)
class PercentDraft:
    """`rows` (at least one) are the revisions that may be given percents, the likeliest to take some first.

    `held` are the rows that were set, oldest first: they keep their percents, and the others share the rest by
    `release.traffic.shift`, starting from `base` each time, so that the way to a split does not change it. Where
    what is held would exceed 100, the oldest gives way.
    """

    base: Split
    rows: tuple[str, ...]
    held: tuple[tuple[str, int], ...] = ()

    @property
    def percents(self) -> dict[str, int]:
        """Percent by row, zeros included; they sum to 100."""
        asked = dict(self.held)
        rest = 100 - sum(asked.values())
        now = percents(self.base)
        if rest and not any(name not in asked for name in now):
            heir = self._heir()
            asked[heir] = asked.get(heir, 0) + rest
        after = percents(shift(self.base, asked))
        return {name: after.get(name, 0) for name in dict.fromkeys((*self.rows, *after))}

    @property
    def asked(self) -> dict[str, int]:
        """What to ask the door for: every row that has percents, and every row that loses the ones it had."""
        now = percents(self.base)
        return {name: percent for name, percent in self.percents.items() if percent or name in now}

    @property
    def changed(self) -> bool:
        """Whether the draft differs from the split it started from."""
        now = percents(self.base)
        return any(percent != now.get(name, 0) for name, percent in self.percents.items())

    def holds(self, revision: str) -> bool:
        """Whether a row keeps its percents while others change."""
        return any(name == revision for name, _ in self.held)

    def put(self, revision: str, percent: int) -> PercentDraft:
        """Give a row its percents, cut to 0…100, and hold it."""
        if len(self.rows) < 2:
            return self
        held = [(name, value) for name, value in self.held if name != revision]
        held.append((revision, min(100, max(0, percent))))
        while sum(value for _, value in held) > 100:
            held.pop(0)
        return replace(self, held=tuple(held))

    def nudge(self, revision: str, points: int) -> PercentDraft:
        """Some points more or less for a row."""
        return self.put(revision, self.percents.get(revision, 0) + points)

    def toggle_hold(self, revision: str) -> PercentDraft:
        """Hold a row at what it has, or let it share the rest again."""
        if self.holds(revision):
            return replace(self, held=tuple(pair for pair in self.held if pair[0] != revision))
        return self.put(revision, self.percents.get(revision, 0))

    def _heir(self) -> str:
        """Who takes what no serving row can: the row held longest, or the first that was never touched."""
        last = self.held[-1][0]
        older = [name for name, _ in self.held[:-1]]
        untouched = [name for name in self.rows if name != last and name not in older]
        return (older or untouched)[0]
