"""What is found wrong with rules: one line each that names the place, and the mend."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.metrics.rules.model import Group, Place


class Severity(Enum):
    """ERROR: the file is refused, or the rule can never do what it says. WARNING: it does something else than one
    would think. INFO: worth a look."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `code` is stable for scripts, `rule` the name of the rule ("" where it is about none).

    `invalid` is set where Prometheus would not load the file; other errors are the linter's.
    """

    severity: Severity
    code: str
    place: Place
    message: str
    mend: str = ""
    rule: str = ""
    invalid: bool = False

    def __str__(self) -> str:
        about = f"{self.rule}: " if self.rule else ""
        return f"{self.place}: {about}{self.message}"


class RulesError(ValueError):
    """Rules that cannot be loaded. `str(error)` names the place and what is wrong; `mend` says what to do."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule file, read: its groups, without the rules that have no name or expression, and what was found."""

    groups: tuple[Group, ...]
    findings: tuple[Finding, ...] = ()

    def loaded(self) -> tuple[Group, ...]:
        """The groups. Raises RulesError for the first finding that makes the file invalid, as Prometheus would."""
        for finding in self.findings:
            if finding.invalid:
                raise RulesError(str(finding), finding.mend)
        return self.groups
