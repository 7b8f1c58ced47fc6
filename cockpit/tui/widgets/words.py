"""Words on a screen that come and go: a line or several."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Words(Static):
    """Says what it was last told, and takes no room without any. The same words again lay out nothing."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._words = Content()
        self.display = False

    def say(self, words: Content) -> None:
        """Say these words in place of the last ones."""
        if not words.is_same(self._words):
            self._words = words
            self.update(words)
            self.display = bool(words)
