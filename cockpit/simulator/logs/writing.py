"""WriteLogEntries: defaults, checks, and all-or-nothing against partial success."""

from __future__ import annotations

import re

from google.rpc import code_pb2

from cockpit.simulator.logs.errors import LoggingError, invalid, status_of
from cockpit.simulator.logs.messages import (
    LogEntry,
    WriteLogEntriesPartialErrors,
    WriteLogEntriesRequest,
    WriteLogEntriesResponse,
)
from cockpit.simulator.logs.store import LogStore

_LOG_NAME = re.compile(r"(projects|organizations|billingAccounts|folders)/[^/]+/logs/[A-Za-z0-9%._-]{1,511}")
_LARGEST_ENTRY = 256 * 1024
_DAY = 24 * 3600
_RETENTION = 30 * _DAY


async def write_entries(store: LogStore, request: WriteLogEntriesRequest) -> WriteLogEntriesResponse:
    """Write what is valid. Raises the first entry's error, with every entry's own error in the details."""
    errors: dict[int, LoggingError] = {}
    for at, entry in enumerate(request.entries):
        _apply_defaults(entry, request)
        error = _fault(entry, store.now() // 10**9)
        if error is not None:
            errors[at] = error
    if (request.partial_success or not errors) and not request.dry_run:
        for at, entry in enumerate(request.entries):
            if at not in errors:
                store.write(entry)
    if errors:
        raise _with_all(errors)
    return WriteLogEntriesResponse()


def _apply_defaults(entry: LogEntry, request: WriteLogEntriesRequest) -> None:
    entry.log_name = (entry.log_name or request.log_name).removeprefix("/")
    if not entry.resource.type and request.HasField("resource"):
        entry.resource.CopyFrom(request.resource)
    for key, value in request.labels.items():
        if key not in entry.labels:
            entry.labels[key] = value


def _fault(entry: LogEntry, now: int) -> LoggingError | None:
    """Why an entry cannot be written; `now` in Unix seconds."""
    if not _LOG_NAME.fullmatch(entry.log_name):
        return invalid(
            "log_name", f"'{entry.log_name}' is no log name such as projects/[PROJECT_ID]/logs/[LOG_ID]"
        )
    if not entry.resource.type:
        return invalid("resource", "resource.type must be set, in the entry or in the request")
    size = entry.ByteSize()
    if size > _LARGEST_ENTRY:
        return invalid("entries", f"Log entry with size {size} exceeds maximum size of {_LARGEST_ENTRY} bytes")
    if entry.HasField("timestamp") and not now - _RETENTION <= entry.timestamp.seconds <= now + _DAY:
        return invalid("timestamp", "timestamp must lie within the last 30 days and the next 24 hours")
    return None


def _with_all(errors: dict[int, LoggingError]) -> LoggingError:
    first = next(iter(errors))
    details = WriteLogEntriesPartialErrors()
    for at, error in errors.items():
        details.log_entry_errors[at].CopyFrom(status_of(error))
    return LoggingError(
        code_pb2.INVALID_ARGUMENT, f"Log entry {first} cannot be written: {errors[first].message}", [details]
    )
