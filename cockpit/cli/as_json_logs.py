"""The JSON lines of `cockpit logs --json`, an object for each entry. Keys are stable, as in `as_json.py`.

    time      RFC 3339 in UTC, to the nanosecond; null for an entry that has none
    severity  Cloud Logging's name of it, DEFAULT where nothing tells it
    revision  the revision's full name, instance its instance's id, log the log's short name: "stderr", "requests"
    text      what was logged; of a request "PATH?QUERY ORIGIN"; the lines of a traceback in one text
    trace     the hexadecimal name of the trace; its first 16 digits where the entry comes from a file
    status, method, latency (seconds) and agent  of a request
    flags     what there is to know beside it: "read" (the severity was read from the text), "traceback" (several
              entries are one), "cut" (its end was not seen), "shortened", "timeless", "odd", "gap"

What an entry does not have is null. In a file such lines are read as entries again.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cockpit.logs.entry import NO_TIME, Flag, Severity
from cockpit.logs.moment import rfc3339

if TYPE_CHECKING:
    from cockpit.logs.entry import Record


def entry(record: Record) -> dict[str, Any]:
    """One entry."""
    return {
        "time": None if record.time == NO_TIME else rfc3339(record.time),
        "severity": Severity(record.severity).name,
        "revision": record.revision or None,
        "instance": record.instance or None,
        "log": record.log or None,
        "text": record.text,
        "trace": record.trace or None,
        "status": record.status or None,
        "method": record.method or None,
        "latency": None if math.isnan(record.latency) else round(record.latency, 9),
        "agent": record.agent or None,
        "flags": [str(flag.name).lower() for flag in Flag if flag and flag in Flag(record.flags)],
    }
