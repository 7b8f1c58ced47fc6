"""Label matchers: `name="value"` and its three sisters. Regular expressions are RE2's, so none is catastrophic."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import re2

from cockpit.metrics.labels import value_of

if TYPE_CHECKING:
    from cockpit.metrics.labels import Labels


class Op(Enum):
    """How a value is compared."""

    EQUAL = "="
    NOT_EQUAL = "!="
    REGEX = "=~"
    NOT_REGEX = "!~"


class RegexError(ValueError):
    """A regular expression that RE2 does not take; `str(error)` says why."""


@lru_cache(1024)
def anchored(pattern: str) -> Any:
    """A compiled pattern that must match a whole value, as PromQL has it. Raises RegexError."""
    options = re2.Options()
    options.log_errors = False
    options.dot_nl = True
    options.max_mem = 8 << 20
    try:
        return re2.compile(f"^(?s:{pattern})$", options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        reason = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise RegexError(f"{pattern!r} is not a regular expression: {reason}") from None


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on one label; a label that is not there has the value ""."""

    name: str
    op: Op
    value: str
    _regex: Any = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.op in (Op.REGEX, Op.NOT_REGEX):
            object.__setattr__(self, "_regex", anchored(self.value))

    def accepts(self, value: str) -> bool:
        """Whether a label's value fulfils the condition."""
        if self.op is Op.EQUAL:
            return value == self.value
        if self.op is Op.NOT_EQUAL:
            return value != self.value
        return (self._regex.fullmatch(value) is not None) is (self.op is Op.REGEX)

    def matches(self, labels: Labels) -> bool:
        """Whether a label set fulfils the condition."""
        return self.accepts(value_of(labels, self.name))
