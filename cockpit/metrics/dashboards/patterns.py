"""Regular expressions as dashboards have them, those of JavaScript, run by RE2 so that none is catastrophic."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

_SLASHED = re.compile(r"/(.*)/([gimsuy]*)", re.DOTALL)
_GROUP = re.compile(r"\(\?<(?=[A-Za-z_])")


@lru_cache(512)
def pattern(text: str) -> Any:
    """The pattern `/…/flags`, found anywhere in a text; without slashes it is the whole of one.

    None for what RE2 does not take: lookarounds and references back.
    """
    slashed = _SLASHED.fullmatch(text)
    body, flags = (slashed[1], slashed[2]) if slashed else (f"^(?:{text})$", "")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    options.case_sensitive = "i" not in flags
    options.dot_nl = "s" in flags
    try:
        return re2.compile(_GROUP.sub("(?P<", body), options)
    except re2.error:
        return None


def is_global(text: str) -> bool:
    """Whether a pattern with slashes says that all of its matches count."""
    slashed = _SLASHED.fullmatch(text)
    return slashed is not None and "g" in slashed[2]
