"""Facts under headings: a label, and a value that wraps beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from cockpit.text import width as cells

if TYPE_CHECKING:
    from collections.abc import Sequence

NARROW = 44
"""Below this many cells a value stands under its label instead of beside it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value. `copy` is what copying it gives, as the outside has it; "" for nothing to copy."""

    label: str
    value: Content
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that belong together. One without a fact is left out."""

    title: str
    facts: tuple[Fact, ...]


class Sheet(Static):
    """Sections at the width there is."""

    def __init__(self, sections: Sequence[Section] = (), *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._sections = tuple(sections)
        self._laid_out = 0

    def show(self, sections: Sequence[Section]) -> None:
        """Replace the sections; nothing is drawn where they are the same."""
        if self._sections != tuple(sections):
            self._sections = tuple(sections)
            self._lay_out()

    def on_resize(self) -> None:
        """Wrap anew at another width."""
        if self.size.width != self._laid_out:
            self._lay_out()

    def _lay_out(self) -> None:
        self._laid_out = self.size.width
        if self._laid_out:
            self.update(laid_out(self._sections, self._laid_out))


def laid_out(sections: Sequence[Section], width: int) -> Content:
    """The sections as lines of `width` cells."""
    shown = [section for section in sections if section.facts]
    lines: list[Content] = []
    for number, section in enumerate(shown):
        lines += [Content("")] if number else []
        lines.append(Content.styled(section.title, "$primary bold"))
        longest = max(cells(fact.label) for fact in section.facts)
        indent = 2 if width < NARROW else min(longest, width // 2) + 2
        for fact in section.facts:
            lines += _beside(fact, indent, width) if width >= NARROW else _under(fact, indent, width)
    return Content("\n").join(lines)


def _beside(fact: Fact, indent: int, width: int) -> list[Content]:
    first, *rest = _wrapped(fact.value, width - indent)
    label = Content.styled(fact.label, "$text-muted").truncate(indent - 1, ellipsis=True, pad=True)
    return [label.append(" ").append(first), *(line.pad_left(indent) for line in rest)]


def _under(fact: Fact, indent: int, width: int) -> list[Content]:
    label = Content.styled(fact.label, "$text-muted").truncate(width, ellipsis=True)
    return [label, *(line.pad_left(indent) for line in _wrapped(fact.value, width - indent))]


def _wrapped(value: Content, width: int) -> list[Content]:
    return [line for part in value.split("\n", allow_blank=True) for line in part.wrap(max(1, width))] or [
        Content("")
    ]
