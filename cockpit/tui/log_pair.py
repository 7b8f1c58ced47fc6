"""Which two revisions of a log are worth putting side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.logs.digest.result import Pair

if TYPE_CHECKING:
    from cockpit.tui.log_reader import LogReader

_TWO = 2


def pair_of(reader: LogReader, compared: tuple[str, str]) -> Pair | None:
    """Stable and canary of what a reader shows; None where it shows one revision, or neither of them.

    `compared` are those of the service, "" where there is none; of a log without one, the revision with the most
    entries and the next one of its service are compared, the newer one by its name as the canary.
    """
    if reader.scope.revision or reader.scope.instance:
        return None
    counts = _counts(reader)
    stable, canary = compared
    if stable and canary:
        # Of all there is, that one of them says nothing is worth hearing; of what was chosen, it was not asked.
        return Pair(stable, canary) if not reader.scope.shown or {stable, canary} <= set(counts) else None
    busiest = sorted(counts, key=lambda name: -counts[name])
    related = [name for name in busiest if _service(name) == _service(busiest[0])]
    return Pair(*sorted(related[:_TWO])) if len(related) >= _TWO and not any(compared) else None


def _service(revision: str) -> str:
    """The service's part of a name like app-00275-2jb."""
    return revision.rpartition("-")[0].rpartition("-")[0]


def _counts(reader: LogReader) -> dict[str, int]:
    """How many of the entries shown each revision has; none while some of them leave."""
    store = reader.logs.store
    try:
        numbers = np.bincount(store.column("revision", reader.ids))
    except KeyError:
        return {}
    names = store.names.revision.names
    found = {names[number]: int(numbers[number]) for number in np.flatnonzero(numbers).tolist()}
    found.pop("", None)
    return found
