"""ListLogEntries: a search over the index in slices, so that the event loop keeps breathing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from cockpit.simulator.logs.errors import invalid
from cockpit.simulator.logs.filters import Filter
from cockpit.simulator.logs.messages import ListLogEntriesRequest, LogEntry
from cockpit.simulator.logs.parameters import digest, filter_of, parents_of, place_of, token_of
from cockpit.simulator.logs.store import LogStore
from cockpit.simulator.logs.timeline import Place, Record

_DEFAULT_PAGE, _LARGEST_PAGE = 50, 1000
_SLICE = 100
"""Entries looked at between two breaths of the loop: 0.3 ms, or 4 ms for a search in all fields."""
_PAGE_BYTES = 3 * 2**20
"""Under the 4 MiB that a gRPC client takes by default."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a list: serialised entries, and a token when there may be more."""

    entries: tuple[bytes, ...]
    next_page_token: str


@dataclass(frozen=True, slots=True)
class _Search:
    prefixes: tuple[str, ...]
    filter: Filter
    descending: bool
    page_size: int

    def beginning(self) -> Place:
        return (self.filter.until if self.descending else self.filter.since, "", "")

    def slice(self, store: LogStore, place: Place, count: int) -> list[Record]:
        if self.descending:
            return store.index.backward(place, self.filter.since, count)
        return store.index.forward(place, self.filter.until, count)

    def matches(self, record: Record) -> bool:
        return record.log_name.startswith(self.prefixes) and self.filter.matches(LogEntry.FromString(record.wire))


async def list_entries(store: LogStore, request: ListLogEntriesRequest) -> Page:
    """One page. Raises INVALID_ARGUMENT."""
    search = _search(request)
    query = digest(sorted(search.prefixes), request.filter, search.descending)
    place = place_of(request.page_token, query) if request.page_token else search.beginning()
    if store.draws_empty_page():
        return Page((), token_of(query, place))
    found, rest = await _find(store, search, place)
    return Page(tuple(record.wire for record in found), token_of(query, rest) if rest else "")


def _search(request: ListLogEntriesRequest) -> _Search:
    if not 0 <= request.page_size <= _LARGEST_PAGE:
        raise invalid("page_size", f"page_size must lie between 0 and {_LARGEST_PAGE}, not {request.page_size}")
    order = request.order_by.split()
    if order not in ([], ["timestamp"], ["timestamp", "asc"], ["timestamp", "desc"]):
        raise invalid(
            "order_by", f"order_by must be 'timestamp asc' or 'timestamp desc', not '{request.order_by}'"
        )
    return _Search(
        prefixes=tuple(f"{parent}/" for parent in parents_of(request.resource_names)),
        filter=filter_of(request.filter),
        descending=order[1:] == ["desc"],
        page_size=request.page_size or _DEFAULT_PAGE,
    )


async def _find(store: LogStore, search: _Search, place: Place) -> tuple[list[Record], Place | None]:
    """The matching records behind a place, and where to go on if there may be more."""
    found: list[Record] = []
    size = 0
    for _ in range(0, store.settings.limits.scan, _SLICE):
        records = search.slice(store, place, _SLICE)
        if not records:
            return found, None
        for record in records:
            place = record.place
            if search.matches(record):
                found.append(record)
                size += len(record.wire)
                if len(found) == search.page_size or size >= _PAGE_BYTES:
                    return found, place if search.slice(store, place, 1) else None
        await asyncio.sleep(0)
    return found, place
