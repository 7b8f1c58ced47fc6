"""The signals pane: is the canary worse than the stable revision, and how sure is that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.release.state import short_name
from cockpit.text import clean, duration
from cockpit.tui.colours import FILLS
from cockpit.tui.lines import Line, Span, wrap
from cockpit.tui.views.signal_reasons import OLD_SECONDS, is_old, reading_age, reasons
from cockpit.tui.views.signal_rows import is_estimate
from cockpit.tui.views.signal_table import Heading, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.metrics.picture import MetricsPicture
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.views.signal_rows import Pair, Row

_REASON_LINES = 3


def signals(
    snapshot: Snapshot,
    picture: MetricsPicture,
    compared: Pair,
    rows: Sequence[Row],
    *,
    slots: Mapping[str, int],
    cells: int,
    charted: str = "",
) -> list[Line]:
    """The lines at a width: titles, what is missing or old and why, a signal a line, the charted one marked."""
    said = [line for why in reasons(snapshot, picture, compared) for line in _reason(why, cells)]
    if not rows:
        return said or [Line((Span(" signals show after the second scrape", "muted"),))]
    table = Table(rows, cells, alone=not compared.canary)
    head = table.head(
        _heading("stable", compared.stable, snapshot, picture, slots),
        _heading("canary", compared.canary, snapshot, picture, slots),
    )
    old = (is_old(snapshot, picture, compared.stable), is_old(snapshot, picture, compared.canary))
    age = reading_age(snapshot, picture)
    if age is not None and age > OLD_SECONDS:
        said.append(Line((Span(f" read {duration(age)} ago", "warn"),)))
    return [head, *said, *(table.line(row, old, charted=row.id == charted) for row in rows)]


def _reason(text: str, cells: int) -> list[Line]:
    pieces = wrap(text, cells - 4)
    shown = pieces[:_REASON_LINES]
    if len(pieces) > len(shown):
        shown[-1] = f"{shown[-1][: max(0, cells - 5)]}…"
    return [
        Line((Span("   " if number else " ! ", "warn"), Span(piece, "warn"))) for number, piece in enumerate(shown)
    ]


def _heading(
    what: str, revision: str, snapshot: Snapshot, picture: MetricsPicture, slots: Mapping[str, int]
) -> Heading:
    """What a column is headed by: the revision in its colour and fill, ≈ before it for an estimate."""
    short = clean(short_name(revision, snapshot.ref.service)) if revision else "–"
    slot = slots.get(revision)
    mark = "≈" if is_estimate(picture, revision) else ""
    fill = f"{FILLS[slot]} " if slot is not None else ""
    number = short.partition("-")[0]
    texts = (
        f"{fill}{mark}{what} {short}",
        f"{fill}{mark}{what} {number}",
        f"{fill}{mark}{short}",
        f"{mark}{number}",
    )
    return Heading(texts, f"revision-{slot + 1} bold" if slot is not None else "bold")
