"""Rules as they were written: groups of alert and recording rules, each with the place it stands at."""

from __future__ import annotations

from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]
"""Names and texts in the order of the file; the texts may be templates."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written: a file and its line (from 1), or, where lines are not known, the path in it."""

    file: str
    line: int = 0
    path: str = ""

    def __str__(self) -> str:
        if self.line:
            return f"{self.file}:{self.line}"
        return f"{self.file}: {self.path}" if self.path else self.file

    def at(self, key: str | int) -> Place:
        """The place of a field or, counted from 0, of an item inside this one."""
        inner = f"[{key}]" if isinstance(key, int) else f".{key}" if self.path else key
        return Place(self.file, self.line, self.path + inner)


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert: it is pending while `expression` answers something, and fires after `for_seconds` of that.

    `keep_firing_seconds` is how long it goes on firing after the expression stopped to hold.
    """

    name: str
    expression: str
    place: Place
    for_seconds: float = 0.0
    keep_firing_seconds: float = 0.0
    labels: Pairs = ()
    annotations: Pairs = ()


@dataclass(frozen=True, slots=True)
class RecordRule:
    """A recording rule: what `expression` comes to is stored as the metric `name`, with `labels` set on it."""

    name: str
    expression: str
    place: Place
    labels: Pairs = ()


Rule = AlertRule | RecordRule


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are evaluated together, in their order. Durations are seconds.

    `interval_seconds` is None where the group leaves it to whoever evaluates it, `offset_seconds` likewise;
    `limit` is how many alerts or series one rule may give, 0 for any number. `labels` go on every rule.
    """

    name: str
    rules: tuple[Rule, ...]
    place: Place
    interval_seconds: float | None = None
    offset_seconds: float | None = None
    limit: int = 0
    labels: Pairs = ()

    @property
    def alerts(self) -> tuple[AlertRule, ...]:
        """The alert rules alone."""
        return tuple(rule for rule in self.rules if isinstance(rule, AlertRule))
