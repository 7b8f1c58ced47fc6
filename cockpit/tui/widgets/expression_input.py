"""Where PromQL is written: some lines of text with brackets in pairs, words in colours and faults underlined."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from cockpit.metrics.promql.tokens import tokens
from cockpit.metrics.promql.vocabulary import AGGREGATIONS, FUNCTIONS, GROUPINGS, OPERATORS
from cockpit.text import clean
from cockpit.tui.terminal import CONTROLS

if TYPE_CHECKING:
    from rich.text import Text
    from textual import events
    from textual.document._document import Location
    from textual.geometry import Offset

    from cockpit.metrics.promql.completion import Place
    from cockpit.metrics.promql.tokens import Token
    from cockpit.tui.suggestions import Suggestion

LONGEST = 32_768
"""Characters that are taken: no engine takes longer expressions."""

_PAIRS = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "`": "`"}
_CLOSING = frozenset(_PAIRS.values())
_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_SPACE = re.compile("[\t\xa0]")
_KEYWORDS = frozenset({*GROUPINGS, *OPERATORS})


def pasted(text: str) -> str:
    """Text from outside as it can stand in an expression: breaks of one kind, and nothing that is not seen."""
    lines = _SPACE.sub(" ", _BREAK.sub("\n", text[:LONGEST])).split("\n")
    return "\n".join(clean(CONTROLS.sub("", line)) for line in lines)


class ExpressionInput(TextArea):
    """The expression, one line or several. Brackets and quotes come in pairs; ctrl+j begins another line.

    `mark` underlines the piece that a fault stands at.
    """

    DEFAULT_CSS = """
    ExpressionInput, ExpressionInput:focus {
        height: auto; min-height: 3; max-height: 10; padding: 0 1;
        border: round $border; background: $background;
        border-title-color: $text-muted; border-subtitle-color: $text-muted;
        scrollbar-size-vertical: 1; scrollbar-background: $background; scrollbar-color: $border;
        & .expression-input--function { color: $accent; }
        & .expression-input--keyword { color: $accent; text-style: italic; }
        & .expression-input--string { color: $text-success; }
        & .expression-input--number { color: $text-warning; }
        & .expression-input--fault { color: $error; text-style: bold underline; }
    }
    ExpressionInput:focus { border: round $focus; border-title-color: $text; border-title-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"expression-input--{part}" for part in ("function", "keyword", "string", "number", "fault")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,shift+enter,alt+enter", "new_line", show=False),
        Binding("alt+z,ctrl+shift+z", "redo", show=False),
    ]

    class Walked(Message):
        """Up from the first line or down from the last one: `by` is -1 or 1."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, expression: str = "", *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(
            pasted(expression),
            id=id,
            highlight_cursor_line=False,
            placeholder="an expression, as in sum by (revision) (rate(…[1m]))",
        )
        self.cursor_blink = False
        self._fault_at: int | None = None
        self._pieces: tuple[str, list[Token]] = "", []

    def on_mount(self) -> None:
        """At the end of what is there."""
        self.border_title = "PromQL"
        self.move_cursor(self.document.end)

    @property
    def cursor(self) -> int:
        """Where the cursor stands, in characters from 0."""
        row, column = self.cursor_location
        return sum(len(line) + 1 for line in self.document.lines[:row]) + column

    def location(self, at: int) -> Location:
        """The row and column of a character."""
        before = self.text[:at]
        return before.count("\n"), len(before.rpartition("\n")[2])

    def cell_of(self, at: int) -> Offset:
        """The cell of the screen that a character is drawn in, as far as it is in the line of the cursor."""
        cursor = self.cursor_screen_offset
        place = self.wrapped_document.location_to_offset(self.location(at))
        here = self.wrapped_document.location_to_offset(self.cursor_location)
        return cursor - (here.x - place.x, 0) if place.y == here.y else cursor

    def write(self, expression: str) -> None:
        """Replace everything, so that it can be undone."""
        self.replace(pasted(expression), (0, 0), self.document.end)
        self.move_cursor(self.document.end)

    def take(self, place: Place, suggestion: Suggestion) -> None:
        """Put a suggestion in its place. Brackets that stand there already are not written again."""
        before, after, rest = suggestion.before, suggestion.after, self.text[place.end :].lstrip(" ")
        if after and rest.startswith("("):
            before, after = before.rstrip("( "), ""
        elif before.endswith(" ") and rest:
            before = before.rstrip()
        self.replace(before + after, self.location(place.start), self.location(place.end))
        self.move_cursor(self.location(place.start + len(before)))

    def mark(self, at: int | None) -> None:
        """Underline the piece at a character, and no other; None for none."""
        if at != self._fault_at:
            self._fault_at = at
            self.notify_style_update()  # the only public way to have lines drawn again that did not change
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        """One line with its words in colours and the fault underlined."""
        line = super().get_line(line_index)
        first = sum(len(each) + 1 for each in self.document.lines[:line_index])
        for token in self._tokens():
            part = _part(token)
            if part and first - len(token.text) < token.at < first + len(line):
                self._colour(line, part, token.at - first, token.at - first + len(token.text))
        if self._fault_at is not None:
            start, end = self._span(self._fault_at)
            self._colour(line, "fault", start - first, end - first)
        return line

    def on_key(self, event: events.Key) -> None:
        """Brackets and quotes in pairs: the closing one comes along, is typed over, and goes with the other."""
        character, after = event.character or "", self._beside(0)
        if not self.selection.is_empty:
            return
        if event.key == "backspace" and _PAIRS.get(self._beside(-1)) == after:
            self.action_delete_right()
        elif character in _CLOSING and character == after:
            self.move_cursor_relative(columns=1)
            event.prevent_default()
            event.stop()
        elif character in _PAIRS and self._pairs(character, after):
            self.insert(character + _PAIRS[character], maintain_selection_offset=False)
            self.move_cursor_relative(columns=-1)
            event.prevent_default()
            event.stop()

    def on_paste(self, event: events.Paste) -> None:
        """Insert what is pasted without what could not be seen."""
        event.prevent_default()
        event.stop()
        room = max(0, LONGEST - len(self.text))
        result = self.replace(pasted(event.text)[:room], *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    def action_new_line(self) -> None:
        """Begin another line."""
        self.replace("\n", *self.selection, maintain_selection_offset=False)

    def action_cursor_up(self, select: bool = False) -> None:
        """Up; from the first line to the expression before."""
        if not select and self.navigator.is_first_wrapped_line(self.cursor_location):
            self.post_message(self.Walked(-1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Down; from the last line to the expression after."""
        if not select and self.navigator.is_last_wrapped_line(self.cursor_location):
            self.post_message(self.Walked(1))
        else:
            super().action_cursor_down(select)

    def _beside(self, by: int) -> str:
        """The character after the cursor, or before it by -1; "" at an end of the line."""
        row, column = self.cursor_location
        at = column + by
        line = self.document[row]
        return line[at] if 0 <= at < len(line) else ""

    def _pairs(self, opening: str, after: str) -> bool:
        """Whether the closing one may come along: not before a word, and not where a quote ends a string."""
        if opening in "\"'`" and (self._beside(-1).isalnum() or self._in_string()):
            return False
        return not after or after.isspace() or after in _CLOSING or after == ","

    def _in_string(self) -> bool:
        before = self.text[: self.cursor]
        return any(token.kind == "other" and token.text in "\"'`" for token in tokens(before))

    def _tokens(self) -> list[Token]:
        if self._pieces[0] != self.text:
            self._pieces = self.text, list(tokens(self.text))
        return self._pieces[1]

    def _span(self, at: int) -> tuple[int, int]:
        """The piece at a character; at the end of everything the last one."""
        reached = [token for token in self._tokens() if token.at <= at]
        return (reached[-1].at, reached[-1].at + len(reached[-1].text)) if reached else (at, at + 1)

    def _colour(self, line: Text, part: str, start: int, end: int) -> None:
        if end > 0 and start < len(line):
            line.stylize(
                self.get_component_rich_style(f"expression-input--{part}", partial=True), max(0, start), end
            )


def _part(token: Token) -> str:
    """What a piece is coloured as, "" for none."""
    if token.kind in ("string", "number"):
        return token.kind
    if token.kind == "word":
        if token.text in FUNCTIONS or token.text in AGGREGATIONS:
            return "function"
        return "keyword" if token.text.lower() in _KEYWORDS else ""
    return ""
