"""What is said before there is a snapshot. Unlike the other views, the first paint needs it."""

from __future__ import annotations

from cockpit.tui.lines import Line, Span, spread

LABEL = 11
ROWS = ("asked", "serving", "observed")


def unconnected(cells: int) -> Line:
    """The header before there is a service."""
    return Line(spread((Span(" cockpit", "accent bold"),), (Span("◌ connecting ", "muted"),), cells))


def no_traffic() -> list[Line]:
    """The rows of the traffic block while nothing is known."""
    return [Line((Span(f" {word:<{LABEL - 1}}", "muted"), Span("–", "muted"))) for word in ROWS]
