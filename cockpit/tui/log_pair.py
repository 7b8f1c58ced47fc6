"""Which two revisions of a log are worth putting side by side."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from cockpit.logs.digest.result import Pair

if TYPE_CHECKING:
    from cockpit.tui.log_reader import LogReader

_TWO = 2
_AT_ONCE = 100_000
"""Entries that are counted in one turn of the loop."""


async def pair_of(reader: LogReader, compared: tuple[str, str]) -> Pair | None:
    """Stable and canary of what a reader shows; None where it shows one revision, or neither of them.

    `compared` are those of the service, "" where there is none; of a log without one, the revision with the most
    entries and the next one of its service are compared, the newer one by its name as the canary.
    """
    if reader.scope.revision or reader.scope.instance:
        return None
    stable, canary = compared
    named = bool(stable and canary)
    if named and not reader.scope.shown:
        return Pair(stable, canary)  # that one of them says nothing is worth hearing where nothing was chosen
    counts = await _counts(reader)
    if named:
        return Pair(stable, canary) if {stable, canary} <= set(counts) else None
    busiest = sorted(counts, key=lambda name: -counts[name])
    related = [name for name in busiest if _service(name) == _service(busiest[0])]
    return Pair(*sorted(related[:_TWO])) if len(related) >= _TWO and not any(compared) else None


def _service(revision: str) -> str:
    """The service's part of a name like app-00275-2jb."""
    return revision.rpartition("-")[0].rpartition("-")[0]


async def _counts(reader: LogReader) -> Counter[str]:
    """How many of the entries shown each revision has; those that leave meanwhile are left out."""
    store, ids, found = reader.logs.store, reader.ids.copy(), Counter[str]()
    for at in range(0, len(ids), _AT_ONCE):
        try:
            numbers = np.bincount(store.column("revision", ids[at : at + _AT_ONCE]))
        except KeyError:
            continue
        names = store.names.revision.names
        found.update({names[number]: int(numbers[number]) for number in np.flatnonzero(numbers).tolist()})
        await asyncio.sleep(0)
    del found[""]
    return found
