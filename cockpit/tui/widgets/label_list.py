"""The labels of a metric as rows: those that split its chart are marked, the others are folded."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from cockpit.metrics.breakdown import MOST_VALUES, REVISION
from cockpit.release.state import short_name
from cockpit.text import clean, shorten
from cockpit.text import width as cells
from cockpit.tui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cockpit.metrics.breakdown import Label

_NAME = 18
_COUNT = 6
_LONGEST_VALUE = 40


class LabelList(ChoiceList["Label"]):
    """Labels with how many values each has, and the most frequent of them with their series.

    Revisions are those of `service`, and called as they are everywhere.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "split", show=False)]

    class Split(Message):
        """The label under the cursor is to split the chart, or not to any more."""

        def __init__(self, label: Label) -> None:
            super().__init__()
            self.label = label

    def __init__(self, service: str, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._service = service
        self._by: Collection[str] = ()

    def picture(self, labels: Sequence[Label], by: Collection[str], cursor: int = 0) -> None:
        """Show labels, of which those in `by` split the chart."""
        self._by = by
        self.show(labels, cursor)

    def line(self, item: Label, width: int, /) -> Content:
        """A mark, the name, how many values, and the values as far as there is room."""
        split = item.name in self._by
        crowded = len(item.values) > MOST_VALUES
        name = shorten(clean(item.name), _NAME - 1)
        head = Content.assemble(
            (" ◆ " if split else " ◇ ", "$accent bold" if split else "$text-muted"),
            (name, "bold" if split else ""),
            " " * (_NAME - cells(name)),
            (f"{len(item.values):>{_COUNT},}  ", "$warning" if crowded else ""),
        )
        return head.append(_values(item, max(0, width - head.cell_length), self._service))

    def action_split(self) -> None:
        """Say so."""
        if self.current is not None:
            self.post_message(self.Split(self.current))


def _values(label: Label, room: int, service: str) -> Content:
    """The values with the number of their series, until there is no room for one more."""
    parts: list[Content] = []
    for value, count in label.values:
        shown = short_name(value, service) if label.name == REVISION else value
        text = f"{shorten(clean(shown), _LONGEST_VALUE)} {count:,}"
        if cells(text) + 2 > room and parts:
            parts.append(Content.styled("…", "$text-muted"))
            break
        room -= cells(text) + 2
        parts.append(Content.styled(text, "$text-muted"))
    return Content("  ").join(parts)
