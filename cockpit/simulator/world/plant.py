"""Revisions that were there before the simulator started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from google.cloud.run_v2.types import RevisionTemplate

    from cockpit.simulator.seams import Launch


@dataclass(frozen=True, slots=True)
class Planted:
    """One revision with a past.

    `name` is short; `created` is Unix seconds; `ready_after` is seconds from created to ready (or to the
    failure); `failure` says why it never served.
    """

    name: str
    template: RevisionTemplate
    created: float
    ready_after: float = 50.0
    failure: Launch | None = None
    creator: str = ""
