"""Why a file is no dashboard at all."""

from __future__ import annotations


class DashboardError(ValueError):
    """A file that cannot be read as a dashboard. `str(error)` is one line; `mend` says what to do."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.mend = mend
