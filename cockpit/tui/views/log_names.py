"""Names of revisions as short as they can be, and an entry as it is copied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cockpit.logs.words import stamp
from cockpit.release.state import short_name
from cockpit.text import clean
from cockpit.tui.views.log_text import request_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cockpit.logs.entry import Row

_GENERATED = re.compile(r"(.+)-\d{5}-[a-z0-9]{3}")


def short_names(revisions: Iterable[str], service: str) -> Mapping[str, str]:
    """The short, clean name of each revision.

    Without a service, as in a file, their own one is left out where all have the same.
    """
    names = [name for name in revisions if name]
    if not service:
        services = {found[1] if (found := _GENERATED.fullmatch(name)) else "" for name in names}
        service = services.pop() if len(services) == 1 else ""
    return {name: clean(short_name(name, service)) for name in names}


def as_copied(row: Row) -> str:
    """An entry as text: its time in UTC, severity, revision, what a request was, and all of its text, clean."""
    parts = (stamp(row.time), row.severity.name, row.revision, *request_words(row), row.text)
    return " ".join(clean(part, newlines=True) for part in parts if part)
