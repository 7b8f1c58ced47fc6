"""PromQL's functions, by name: those of range vectors and those of instant vectors."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from cockpit.metrics.promql.functions.kinds import Context, InstantFunction, RangeFunction

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["INSTANT", "RANGE", "Context", "InstantFunction", "RangeFunction"]

RANGE: Mapping[str, RangeFunction] = MappingProxyType({})
INSTANT: Mapping[str, InstantFunction] = MappingProxyType({})
