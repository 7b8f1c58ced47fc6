"""What a panel is beside its place and its questions, whatever version of Grafana wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.metrics.dashboards.fields import PLAIN, Field, Override
from cockpit.metrics.dashboards.model import LAST, LISTED, Kind, Legend, Reduce
from cockpit.metrics.dashboards.options import Options


@dataclass(frozen=True, slots=True)
class Body:
    """How a panel shows what it has been answered, and what of that is not understood."""

    kind: Kind
    field: Field = PLAIN
    overrides: tuple[Override, ...] = ()
    options: Options | None = None
    reduce: Reduce = LAST
    legend: Legend = LISTED
    missing: tuple[str, ...] = ()
