"""Splits as bars of one line each, in a dialog: a revision has the colour and fill it has everywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from cockpit.text import width as cells
from cockpit.tui.colours import FILLS
from cockpit.tui.views.traffic import active, bar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.colours import Slots
    from cockpit.tui.lines import Spans

_ATTRIBUTES = {"bold", "dim", "italic", "underline", "reverse", "strike"}


@dataclass(frozen=True, slots=True)
class Split:
    """One bar: its label, percent by revision in drawing order, and the numbers behind it ("" for none)."""

    label: str
    percents: tuple[tuple[str, int], ...]
    words: str = ""


class SplitBars(Static):
    """Bars one below the other."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._splits: tuple[Split, ...] = ()
        self._slots: Mapping[str, int] = {}

    def show(self, splits: Sequence[Split], slots: Mapping[str, int]) -> None:
        """Replace the bars. `slots` gives every revision its colour (see `colours.Slots`)."""
        if (tuple(splits), slots) != (self._splits, self._slots):
            self._splits, self._slots = tuple(splits), slots
            self._lay_out()

    def on_resize(self) -> None:
        """Draw at another width."""
        self._lay_out()

    def _lay_out(self) -> None:
        label = max((cells(split.label) for split in self._splits), default=0) + 2
        words = max((cells(split.words) for split in self._splits), default=0)
        words = words + 2 if words and words <= self.size.width // 2 else 0
        room = self.size.width - label - words
        lines = [self._line(split, label, max(1, room), shown=bool(words)) for split in self._splits]
        self.update(Content("\n").join(lines))

    def _line(self, split: Split, label: int, room: int, *, shown: bool) -> Content:
        shares = dict(split.percents)
        drawn = coloured(bar(shares, [*shares], self._slots, room))
        head = Content.styled(split.label.ljust(label), "$text-muted")
        return head.append(drawn).append(f"  {split.words}" if shown else "")


def slots_of(slots: Slots, snapshot: Snapshot, names: Sequence[str]) -> Mapping[str, int]:
    """The colours of some targets, beside those in sight already; LATEST has that of what it stands for."""
    latest = snapshot.service.latest_ready if snapshot.service else ""
    full = {name: name or latest for name in names}
    given = slots.give(list(dict.fromkeys([*active(snapshot), *full.values()])))
    return {name: given[revision] for name, revision in full.items()}


def coloured(spans: Spans) -> Content:
    """Spans with roles as Textual's content, which follows the theme by itself."""
    return Content.assemble(*((span.text, style(span.role)) for span in spans))


def style(role: str) -> str:
    """A role ("bad bold", "revision-3") as a style: names of colours are theme variables."""
    return " ".join(word if word in _ATTRIBUTES else f"${word}" for word in role.split())


def swatch(slot: int) -> Content:
    """A revision's colour and fill, two cells."""
    return Content.styled(FILLS[slot] * 2, f"$revision-{slot + 1}")


def meter(percent: int, slot: int, width: int) -> Content:
    """One percent as a bar of `width` cells on a quiet ground; 1 percent shows, 99 does not look full."""
    least, most = int(percent > 0), width - int(percent < 100)
    filled = min(max(round(percent * width / 100), least), most)
    return Content.assemble(
        (FILLS[slot] * filled, f"$revision-{slot + 1}"),
        ("·" * (width - filled), "$border"),
    )
