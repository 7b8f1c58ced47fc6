"""A button of one line, whose key stands beside its word."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Button

from cockpit.text import clean


class Answer(Button):
    """One answer of a dialog. `key` is the one that gives the same answer without going there, "" for none."""

    DEFAULT_CSS = """
    Answer {
        height: 1; width: auto; min-width: 8; margin-left: 2; padding: 0; line-pad: 1;
        &.-textual-compact { background: $panel; color: $foreground; text-style: none; }
        &.-textual-compact:hover { background: $primary 40%; }
        &.-textual-compact:focus {
            background: $primary; color: $background; text-style: $block-cursor-text-style;
        }
        &.-textual-compact.danger:focus { background: $error; }
        &.-textual-compact:disabled { background: transparent; color: $text-muted; text-style: dim; opacity: 1; }
    }
    """

    def __init__(
        self,
        words: str,
        key: str = "",
        *,
        id: str | None = None,  # noqa: A002 (Textual's name)
        name: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, name=name, classes=classes, compact=True)
        self._key = key
        self.say(words)

    def say(self, words: str, *, denied: bool = False) -> None:
        """What it says, and whether it can be given: one that cannot shows no key."""
        key = "" if denied or not self._key else self._key
        self.label = Content.assemble(clean(words), " " if key else "", (key, "underline"))
        self.disabled = denied
