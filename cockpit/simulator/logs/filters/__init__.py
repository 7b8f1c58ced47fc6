"""The Logging query language, compiled to predicates over raw log entries."""

from cockpit.simulator.logs.filters.compile import Filter, compile_filter
from cockpit.simulator.logs.filters.syntax import FilterError

__all__ = ["Filter", "FilterError", "compile_filter"]
