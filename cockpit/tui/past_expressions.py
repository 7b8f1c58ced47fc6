"""The expressions that were asked for, to go back to while one is written."""

from __future__ import annotations

MOST = 200


class PastExpressions:
    """Oldest first, each once. `earlier` and `later` walk through them; what was being written comes after them.

    `draft` is what was left unasked, "" where nothing was.
    """

    def __init__(self) -> None:
        self._asked: list[str] = []
        self._at = 0
        self._written = ""
        self.draft = ""

    @property
    def newest(self) -> str:
        """The one that was asked for last, "" before the first."""
        return self._asked[-1] if self._asked else ""

    def add(self, expression: str) -> None:
        """An expression was asked for."""
        if expression in self._asked:
            self._asked.remove(expression)
        self._asked = [*self._asked, expression][-MOST:]
        self._at = len(self._asked)

    def earlier(self, written: str) -> str:
        """The one before, where `written` stands now; one that is the same is not worth a step."""
        if self._at and self._asked[self._at - 1] == written:
            self._go(-1, written)
        return self._go(-1, written)

    def later(self, written: str) -> str:
        """The one after; after the newest what was being written."""
        return self._go(1, written)

    def _go(self, by: int, written: str) -> str:
        if self._at == len(self._asked):
            self._written = written
        self._at = max(0, min(self._at + by, len(self._asked)))
        return self._asked[self._at] if self._at < len(self._asked) else self._written
