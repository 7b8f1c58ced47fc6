"""JSON with the place of every part: what is asked for in a type it does not have is a problem, never an error."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST_PROBLEMS = 200
_MOST_TEXT = 100_000
"""Characters of one text, a markdown panel among them."""
_SHOWN = 40
_MOST_DECIMALS = 15
"""More of them a float does not have."""


@dataclass(slots=True)
class Notes:
    """The problems of one reading; from the two hundredth on they are only counted."""

    problems: list[Problem] = field(default_factory=list)
    unsaid: int = 0

    def add(self, place: str, message: str, mend: str = "") -> None:
        """Note one."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(place, message, mend))
        else:
            self.unsaid += 1

    def all(self) -> tuple[Problem, ...]:
        """The problems, with a last line for those that were only counted."""
        more = (Problem("", f"and {self.unsaid} more problems"),) if self.unsaid else ()
        return (*self.problems, *more)


@dataclass(frozen=True, slots=True)
class Part:
    """One value of the JSON and where it stands. What is absent or null has the default that is asked for."""

    value: object
    place: str
    notes: Notes

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def __getitem__(self, key: str) -> Part:
        """The part of this name, one of null where there is none."""
        inner = self.value.get(key) if isinstance(self.value, dict) else None
        return Part(inner, f"{self.place}.{key}" if self.place else key, self.notes)

    @property
    def given(self) -> bool:
        """Whether there is anything here."""
        return self.value is not None

    def wrong(self, wanted: str) -> None:
        """Note that this is not what is wanted here."""
        self.notes.add(self.place, f"{_shown(self.value)} is not {wanted}", f"write {wanted} here, or take it out")

    def text(self, key: str = "", default: str = "") -> str:
        """A text, this one's own or that of a field; numbers are taken as they are written."""
        part = self[key] if key else self
        value = part.value
        if isinstance(value, str):
            return part._bounded(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return written(value)
        if value is not None:
            part.wrong("a text")
        return default

    def number(self, key: str = "") -> float | None:
        """A finite number, also one that is written as text; None where there is none."""
        part = self[key] if key else self
        value = part.value
        if isinstance(value, str):
            try:
                value = float(value) if value.strip() and "_" not in value else None
            except ValueError:
                part.wrong("a number")
                return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            if abs(value) < 1e300 and math.isfinite(value):
                return float(value)
            part.wrong("a number of a size that can be drawn")
        elif value is not None:
            part.wrong("a number")
        return None

    def whole(self, key: str, default: int = 0, least: int = 0, most: int = 1_000_000) -> int:
        """A whole number between two bounds; what lies outside is moved to them."""
        found = self.number(key)
        return default if found is None else int(min(max(found, least), most))

    def decimals(self) -> int | None:
        """How many decimals a number has, of what stands under that name; None where nothing does."""
        found = self.number("decimals")
        return None if found is None else int(min(max(found, 0), _MOST_DECIMALS))

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self[key].value
        if isinstance(value, bool):
            return value
        if value is not None:
            self[key].wrong("true or false")
        return default

    def items(self, key: str = "") -> Iterator[Part]:
        """The parts of a list; none where there is no list."""
        part = self[key] if key else self
        if isinstance(part.value, list):
            for at, item in enumerate(part.value):
                yield Part(item, f"{part.place}[{at}]", part.notes)
        elif part.given:
            part.wrong("a list")

    def objects(self, key: str = "") -> Iterator[Part]:
        """The objects of a list; other things in it are problems."""
        for item in self.items(key):
            if isinstance(item.value, dict):
                yield item
            else:
                item.wrong("an object")

    def fields(self) -> Iterator[tuple[str, Part]]:
        """The names and parts of an object."""
        if isinstance(self.value, dict):
            for name in self.value:
                yield str(name), self[name]
        elif self.given:
            self.wrong("an object")

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list; one text alone is a list of it."""
        part = self[key]
        if isinstance(part.value, str):
            return (part.text(),)
        return tuple(item.text() for item in part.items() if item.given)

    def _bounded(self, text: str) -> str:
        if len(text) <= _MOST_TEXT:
            return text
        self.notes.add(
            self.place, f"a text of {len(text):,} characters, cut after {_MOST_TEXT:,}", "make it shorter"
        )
        return text[:_MOST_TEXT]


def part_of(tree: Mapping[str, object], notes: Notes, place: str = "") -> Part:
    """The whole of a JSON object."""
    return Part(tree, place, notes)


def written(value: float) -> str:
    """A number as JSON writes it: 5, not 5.0."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else str(value)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
