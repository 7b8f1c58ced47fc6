"""How a command ends: its exit codes, and the errors that lead to them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.live.snapshot import Sides


class Exit(IntEnum):
    """Exit codes. They are stable: scripts build on them.

    OVERTAKEN: somebody else wrote in between, and nothing was overwritten. UNKNOWN: a write was sent and its fate
    is not known; it is never sent again by itself. UNSURE: no signal is surely worse, but one is
    likely to be, or has too few data to tell. An interrupted command that changed nothing ends with 128 and the
    number of the signal, as in a shell.
    """

    OK = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    UNKNOWN = 4
    UNREACHABLE = 5
    OVERTAKEN = 6
    UNSURE = 7


EXITS_IN_WORDS = """\
exit codes:
  0  done, or nothing to do
  1  failed: denied, not found, the change failed on Cloud Run; a signal is worse, an alert fires, health is bad,
     there is no data
  2  wrong usage or configuration
  3  refused: nothing was changed
  4  unknown outcome: a write was sent; `cockpit history` and `cockpit status` tell more
  5  unreachable
  6  overtaken: somebody else wrote in between, and nothing was overwritten
  7  unsure: a signal is likely worse, or has too few data to tell"""

_BY_KIND = {
    "unreachable": Exit.UNREACHABLE,
    "throttled": Exit.UNREACHABLE,
    "timeout": Exit.UNREACHABLE,
    "outcome-unknown": Exit.UNKNOWN,
    "overtaken": Exit.OVERTAKEN,
    "conflict": Exit.OVERTAKEN,
}


class CommandError(Exception):
    """A command that cannot go on: one line why, one line mend, and a kind that is stable for scripts.

    `sides` is set where somebody else's write is the reason. `shown` are lines to look at between message and
    mend, and `position` is the place that is meant in what the user wrote, in characters from 0.
    """

    sides: Sides | None = None
    shown: tuple[str, ...] = ()
    position: int | None = None

    def __init__(self, message: str, mend: str = "", *, kind: str = "failed", code: Exit | None = None) -> None:
        super().__init__(message)
        self.mend = mend
        self.kind = kind
        self.code = exit_of(kind) if code is None else code


def usage_error(message: str, mend: str) -> CommandError:
    """What cannot be asked for."""
    return CommandError(message, mend, kind="usage", code=Exit.USAGE)


def exit_of(kind: str) -> Exit:
    """The exit code for a kind of problem."""
    return _BY_KIND.get(kind, Exit.FAILED)


def as_command_error(error: Exception) -> CommandError | None:
    """The errors of the other rooms as commands end with them; None for what nobody foresaw."""
    from cockpit.config import ConfigError
    from cockpit.live.journal import JournalError
    from cockpit.live.problems import problem_of
    from cockpit.live.recording.errors import RecordingError
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
        case RecordingError():
            return CommandError(str(error), error.mend, kind="recording")
        case SourceError():
            problem = problem_of(error)
            return CommandError(problem.text, problem.mend, kind=problem.kind)
    return None
