"""The lines above a dashboard: what it is called, which times it shows, and what its variables are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cockpit.tui.lines import Line, Span, join, spread
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

    from cockpit.tui.lines import Spans


class DashboardHead(LineView):
    """One line, and a second where there are variables."""

    DEFAULT_CSS: ClassVar[str] = "DashboardHead { height: 1; }"

    def picture(self, title: str, times: Spans, variables: Sequence[tuple[str, str]], why: str = "") -> None:
        """Show clean texts: the title, the times, each variable with its value, and what is amiss."""
        self.styles.height = 2 if variables or why else 1

        def lines(size: Size) -> list[Line]:
            head = spread((Span(f" {title}", "accent bold"),), (*times, Span(" ")), size.width)
            named = [(Span(f"{name} ", "muted"), Span(value, "bold")) for name, value in variables]
            told = [*named, *([(Span(f"! {why}", "warn"),)] if why else [])]
            return [Line(head), Line((Span(" "), *join(told, "   ")))]

        self.draw(lines)
