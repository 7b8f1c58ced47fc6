"""How a command ends: its exit codes, and the errors that lead to them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.live.snapshot import Sides


class Exit(IntEnum):
    """Exit codes. They are stable: scripts build on them.

    OVERTAKEN: somebody else wrote in between, and nothing was overwritten. UNKNOWN: a write was sent and its fate
    is not known; it is never sent again by itself. An interrupted command that changed nothing ends with 128 and
    the signal's number, as the shell has it.
    """

    OK = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    UNKNOWN = 4
    UNREACHABLE = 5
    OVERTAKEN = 6


EXITS_IN_WORDS = """\
exit codes:
  0  done, or nothing to do
  1  failed: denied, not found, or the change failed on Cloud Run
  2  wrong usage or configuration
  3  refused: nothing was changed
  4  unknown outcome: a write was sent; `cockpit history` and `cockpit status` tell more
  5  unreachable
  6  overtaken: somebody else wrote in between, and nothing was overwritten"""

_BY_KIND = {
    "unreachable": Exit.UNREACHABLE,
    "throttled": Exit.UNREACHABLE,
    "outcome-unknown": Exit.UNKNOWN,
    "overtaken": Exit.OVERTAKEN,
    "conflict": Exit.OVERTAKEN,
}


class CommandError(Exception):
    """A command that cannot go on: one line why, one line mend, and a kind that is stable for scripts.

    `sides` is set where somebody else's write is the reason.
    """

    sides: Sides | None = None

    def __init__(self, message: str, mend: str = "", *, kind: str = "failed", code: Exit | None = None) -> None:
        super().__init__(message)
        self.mend = mend
        self.kind = kind
        self.code = exit_of(kind) if code is None else code


def exit_of(kind: str) -> Exit:
    """The exit code for a kind of problem."""
    return _BY_KIND.get(kind, Exit.FAILED)


def as_command_error(error: Exception) -> CommandError | None:
    """The errors of the other rooms as commands end with them; None for what nobody foresaw."""
    from cockpit.config import ConfigError
    from cockpit.live.journal import JournalError
    from cockpit.live.problems import problem_of
    from cockpit.live.session import RefusedError
    from cockpit.sources.errors import SourceError

    match error:
        case CommandError():
            return error
        case ConfigError():
            return CommandError(str(error), error.mend, kind="config", code=Exit.USAGE)
        case RefusedError():
            code = Exit.OVERTAKEN if error.kind == "overtaken" else Exit.REFUSED
            refused = CommandError(str(error), error.mend, kind=error.kind, code=code)
            refused.sides = error.sides
            return refused
        case JournalError():
            return CommandError(str(error), error.mend, kind="journal", code=Exit.REFUSED)
        case SourceError():
            problem = problem_of(error)
            return CommandError(problem.text, problem.mend, kind=problem.kind)
    return None
