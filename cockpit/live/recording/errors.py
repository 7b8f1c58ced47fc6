"""What stands in the way of a recording."""

from __future__ import annotations


class RecordingError(Exception):
    """A recording cannot be read or written: `str(error)` names it and the reason, `mend` says what to do."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend
