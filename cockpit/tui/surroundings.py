"""What a log pane is told of the world around the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The service around a log, and what of it is chosen.

    `service` is left out of revisions' names, and `slots` gives their colours; `selected` is the revision that the
    reader chose elsewhere, "" for none. `at` is the moment of the snapshot, seconds. `compared` are stable and
    canary, "" where there is none.
    """

    service: str = ""
    slots: Mapping[str, int] = field(default_factory=dict)
    selected: str = ""
    at: float = 0.0
    compared: tuple[str, str] = ("", "")
