"""One log entry: as a source understood it, and as the store gives it back.

Moments are Unix nanoseconds, latencies seconds. Texts are what was logged, not cleaned: whoever shows them does
that.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import NamedTuple

NO_TIME = 0
"""The moment of an entry that has none; the store gives it that of its predecessor, and Flag.TIMELESS."""

NO_LATENCY = float("nan")


class Severity(IntEnum):
    """Cloud Logging's severities, one byte each, in their order."""

    DEFAULT = 0
    DEBUG = 1
    INFO = 2
    NOTICE = 3
    WARNING = 4
    ERROR = 5
    CRITICAL = 6
    ALERT = 7
    EMERGENCY = 8


class Flag(IntFlag):
    """What there is to know of an entry beside what it says.

    READ: the level was read from the text. TRACEBACK: several entries were joined to one traceback; CUT: its end
    was not seen. SHORTENED: the text was longer than is kept, the payload has it all. TIMELESS: the entry had no
    time. ODD: something of it made no sense (an unknown severity, a time far off) and was taken as well as could
    be. GAP: no entry of the log, but what says in its place that entries are missing, how many and why.
    """

    NONE = 0
    READ = 1
    TRACEBACK = 2
    CUT = 4
    SHORTENED = 8
    TIMELESS = 16
    ODD = 32
    GAP = 64


class Record(NamedTuple):
    """One entry as a source understood it.

    `log` is the short name ("stderr", "requests", "varlog/system"), `trace` the hexadecimal digits alone. Of an
    entry of the request log, `text` is "PATH?QUERY ORIGIN", ORIGIN being the caller's address, with what the
    platform added behind two spaces; `agent` is the user agent.
    """

    time: int
    text: str
    severity: int = Severity.DEFAULT
    flags: int = 0
    revision: str = ""
    instance: str = ""
    log: str = ""
    trace: str = ""
    status: int = 0
    method: str = ""
    latency: float = NO_LATENCY
    agent: str = ""


class Row(NamedTuple):
    """One entry as the store gives it back; `id` is the store's, and never given twice.

    `trace` is the key of the trace (`rowtext.trace_key`), 0 for none: the payload has its name.
    """

    id: int
    time: int
    text: str
    severity: Severity
    flags: Flag
    revision: str
    instance: str
    log: str
    trace: int
    status: int
    method: str
    latency: float
    agent: str

    @property
    def is_request(self) -> bool:
        """Whether it is of the request log."""
        return bool(self.method or self.status)
