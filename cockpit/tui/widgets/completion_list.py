"""Suggestions beside what is typed: they never take the focus, and typing on narrows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Offset

from cockpit.text import clean, shorten
from cockpit.text import width as cells
from cockpit.tui.suggestions import Ranked
from cockpit.tui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from cockpit.metrics.promql.completion import Place
    from cockpit.tui.suggestions import Answer, Suggestion

WIDEST = 110
_TEXT_MOST = 44
_KIND = 12
_ABOUT_LEAST = 12


class CompletionList(ChoiceList[Ranked], can_focus=False):
    """Over everything else; hidden where there is nothing to suggest."""

    DEFAULT_CSS = """
    CompletionList {
        layer: above; display: none; constrain: inside inflect;
        height: auto; max-height: 8; padding: 0 1;
        background: $panel; color: $foreground;
        scrollbar-size-vertical: 1; scrollbar-background: $panel; scrollbar-color: $border;
        & > .choice-list--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.place: Place | None = None
        self._text = 0

    @property
    def chosen(self) -> Suggestion | None:
        """The suggestion under the cursor, None while it is hidden."""
        return self.current[0] if self.display and self.current else None

    def offer(self, answer: Answer, at: Offset) -> None:
        """Show what was found, from the cell `at` of the screen on; nothing found hides it."""
        if not answer.found:
            self.close()
            return
        self.place = answer.place
        self._text = min(_TEXT_MOST, max(cells(clean(each.text)) for each, _ in answer.found))
        about = max(cells(clean(each.about)) for each, _ in answer.found)
        wanted = self._text + 1 + _KIND + about + 3
        self.styles.width = min(WIDEST, self.app.size.width, wanted)
        self.absolute_offset = Offset(at.x - 1, at.y)  # its text stands below what is typed
        self.show(answer.found)
        self.display = True

    def close(self) -> None:
        """Hide it."""
        self.display = False
        self.place = None

    def line(self, item: Ranked, width: int, /) -> Content:
        """The text with the letters that matched, what it is, and what it is about."""
        suggestion, hit = item
        room = min(self._text, width)
        text = shorten(clean(suggestion.text), room)
        name = Content(text)
        for at in hit.positions:
            name = name.stylize("$accent bold underline", at, at + 1) if at < len(text) else name
        line = name.pad_right(room - cells(text))
        if width - room > _KIND:
            line = line.append(Content.styled(f" {suggestion.kind:<{_KIND}}", "$text-muted"))
        rest, about = width - line.cell_length, clean(suggestion.about)
        if rest >= min(_ABOUT_LEAST, cells(about)):
            line = line.append(Content.styled(shorten(about, rest), "$text-muted italic"))
        return line
