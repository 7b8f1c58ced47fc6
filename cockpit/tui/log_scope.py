"""What of a log is shown, and how that reads as a query."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cockpit.logs.query.nodes import quoted
from cockpit.logs.rowtext import TRACE_DIGITS


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a log is shown: what was typed, and one revision, instance or trace of it.

    `words` is a query. It hides what does not match, or, where `hiding` is False, only marks what does. `trace` is
    the store's key of one, 0 for none.
    """

    words: str = ""
    hiding: bool = True
    revision: str = ""
    instance: str = ""
    trace: int = 0

    @property
    def shown(self) -> str:
        """The query for what is shown."""
        return self._query(self.words if self.hiding else "")

    @property
    def sought(self) -> str:
        """The query for what n and N go through: what is shown and matches the words."""
        return self._query(self.words)

    def _query(self, words: str) -> str:
        parts = [
            f"revision={quoted(self.revision)}" if self.revision else "",
            f"instance={quoted(self.instance)}" if self.instance else "",
            f"trace:{self.trace:0{TRACE_DIGITS}x}" if self.trace else "",
            f"({words})" if words.strip() else "",
        ]
        return " ".join(filter(None, parts))

    def stepped_back(self) -> Scope | None:
        """One step nearer to everything: the words only mark first, then they go; None where there are none."""
        if self.words and self.hiding:
            return replace(self, hiding=False)
        if self.words:
            return replace(self, words="", hiding=True)
        return None
