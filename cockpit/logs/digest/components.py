"""Which components announced themselves: "cache ready", "Started scheduler"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import re2

from cockpit.logs.digest.masking import message_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_NAME = 60


class PatternError(ValueError):
    """A pattern that is none; the message names it and says why."""


class Announcements:
    """Patterns in RE2's syntax, which take time in proportion to a text's length whatever they are."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [_compiled(pattern) for pattern in patterns]

    def component(self, text: str) -> str:
        """The component that a line announces, the first group of the first pattern that finds one, or ""."""
        message = message_of(text)
        for pattern in self._patterns:
            found = pattern.search(message)
            if found:
                return str(found.group(1 if pattern.groups else 0) or "").strip()[:_LONGEST_NAME]
        return ""


def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        why = error.args[0]
        said = why.decode(errors="replace") if isinstance(why, bytes) else str(why)
        raise PatternError(f"{pattern!r} is no pattern: {said}") from None
