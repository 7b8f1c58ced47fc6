"""Why an expression came to nothing, as far as the series there are can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.engine import QueryError
from cockpit.metrics.promql.describe import selectors
from cockpit.metrics.promql.parse import parse
from cockpit.metrics.rules.lint.flow import Flow
from cockpit.metrics.rules.lint.known import KnownSeries
from cockpit.metrics.rules.lint.reach import unmet

if TYPE_CHECKING:
    from cockpit.metrics.engine import Engine

UNKNOWN = "nothing has that name and those labels at that time"
NOTHING_LEFT = "its metrics are there, but nothing of them is in that time or meets its conditions"


async def why_nothing(engine: Engine, expression: str, *, at_hand: bool) -> list[str]:
    """Lines that say what is missing, and the mend. An engine whose series are not `at_hand` is asked for those
    alone that the expression names."""
    try:
        names = {each.name for each in selectors(expression)} - {""}
        series = [found for name in ([""] if at_hand else sorted(names)) for found in await engine.series(name)]
        known = KnownSeries(series, await engine.families())
        flow = Flow(known)
        found = [f"{message}; {mend}" for _, message, mend in unmet(parse(expression), flow)]
    except QueryError:
        # Another engine may know functions that our parser does not, or tell nothing of its series.
        return [UNKNOWN]
    told = (name for name in sorted(names) if flow.is_made(name) or known.family(name))
    found += (f"{name} has no series" for name in told if not known.sets(name))
    return list(dict.fromkeys(found)) or [NOTHING_LEFT]
