"""What Cloud Logging itself can evaluate of a query, in its own language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pushed:
    """A filter in the Logging query language that lets through all that a query would, and maybe more.

    `text` is "" where nothing can be said; `exact` is whether it lets nothing else through.
    """

    text: str
    exact: bool
