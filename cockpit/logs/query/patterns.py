"""Regular expressions as google-re2 has them: none of them takes longer than a text is long."""

from __future__ import annotations

import re2

from cockpit.logs.query.error import QueryError

_MEND = "write it as RE2 has it, or in quotes to find it as it stands"


def checked(pattern: str, position: int) -> str:
    """The pattern, if it is one; `position` is where it stands in the query. Raises QueryError."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        raise refused(error, pattern, position) from None
    return pattern


def refused(error: re2.error, pattern: str, position: int) -> QueryError:
    """The error of a pattern, at the part of it that re2 names."""
    said = error.args[0] if error.args else "it is no regular expression"
    reason = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    why, _, part = reason.rpartition(": ")
    at = pattern.rfind(part) if part and why else -1
    if at < 0:
        return QueryError(reason, position, max(1, len(pattern)), _MEND)
    return QueryError(f"{why} in {part!r}", position + at, len(part), _MEND)
