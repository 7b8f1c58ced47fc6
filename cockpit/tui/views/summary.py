"""The summary pane: the selected revision's conditions, image, limits and URLs beside the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.release.compare import Kind, compare
from cockpit.release.service import ConditionState
from cockpit.release.state import age, short_name, why
from cockpit.text import age as age_text
from cockpit.text import clean, duration
from cockpit.tui.colours import FILLS
from cockpit.tui.lines import Line, Span, left, wrap
from cockpit.tui.views.revision_table import GLYPHS
from cockpit.tui.widgets.revision_facts import leading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Condition, Revision
    from cockpit.tui.views.revision_rows import Row

LABEL = 13

MARKS = {
    ConditionState.SUCCEEDED: ("✓", "good"),
    ConditionState.FAILED: ("✗", "bad"),
    ConditionState.PENDING: ("◌", "warn"),
    ConditionState.RECONCILING: ("◌", "warn"),
    ConditionState.UNKNOWN: ("?", "muted"),
}
DIFFERENCES = {Kind.ADDED: "+", Kind.REMOVED: "−", Kind.CHANGED: "≠"}


def summary(snapshot: Snapshot, revision: Revision, row: Row, slot: int | None, cells: int) -> Iterator[Line]:
    """The lines about one revision at a width."""
    glyph, role = GLYPHS[row.standing.state]
    name_role = f"revision-{slot + 1} bold" if slot is not None else "bold"
    fill = f"{FILLS[slot]} " if slot is not None else ""
    yield Line((Span(f" {fill}{clean(revision.name)}", name_role),))
    for number, text in enumerate(wrap(str(row.standing), cells - 4)):
        yield Line((Span(f" {glyph} " if not number else "   ", role), Span(text, role)))
    yield Line()
    for label, text, kind in _facts(snapshot, revision, row):
        for number, piece in enumerate(wrap(text, cells - LABEL - 2)):
            yield Line((left("" if number else f" {label}", LABEL, "muted"), Span(piece, kind)))
    yield Line()
    for found in revision.conditions:
        yield from _condition(found, snapshot, cells)


def _facts(snapshot: Snapshot, revision: Revision, row: Row) -> Iterator[tuple[str, str, str]]:
    """Label, text and role of what is known."""
    template = revision.template
    differ = row.asked != row.serving
    yield "traffic", f"asked {row.asked} %, serving {row.serving} %" if differ else f"{row.serving} %", "bold"
    errors = "" if row.error_share is None else f", {row.error_share:.1f} % of them 5xx"
    if row.requests:
        yield "requests", f"{row.requests:,.0f}/min{errors}", "bad" if (row.error_share or 0) >= 1 else ""
    if row.instances:
        yield "instances", f"{row.instances} answered in the last minute", ""
    image, _, digest = clean(template.image).partition("@")
    yield "image", image.rpartition("/")[2], ""
    yield "digest", digest.removeprefix("sha256:")[:12], "muted"
    yield "resources", row.resources, ""
    yield "scaling", f"{template.min_instances} to {template.max_instances or 'any number of'} instances", ""
    yield "concurrency", f"{template.concurrency} requests an instance, {duration(template.timeout)} each", ""
    created = age(revision.created, snapshot.wall)
    if revision.created is not None:
        local = revision.created.astimezone(snapshot.wall.tzinfo)
        yield "created", f"{local:%Y-%m-%d %H:%M:%S} ({age_text(created)} ago)", ""
    if row.ready is not None:
        yield "ready in", duration(row.ready), ""
    yield "by", row.creator, ""
    service = snapshot.service
    if service and (other := _leader(snapshot, leading(service, revision.name))):
        rows = compare(other.template, revision.template)
        told = ", ".join(f"{DIFFERENCES[row.kind]} {clean(row.name or row.field)}" for row in rows)
        short = clean(short_name(other.name, service.ref.service))
        yield "against", f"{short}: {told or 'the same'}", "warn" if told else "muted"
    for target in service.serving if service else ():
        if target.tag and target.revision == revision.name:
            yield f"tag {clean(target.tag)}", clean(target.uri), "accent"


def _leader(snapshot: Snapshot, name: str) -> Revision | None:
    return next((one for one in snapshot.revisions if one.name == name), None)


def _condition(found: Condition, snapshot: Snapshot, cells: int) -> Iterator[Line]:
    mark, role = MARKS[found.state]
    retired = found.type == "Active" and found.reason.upper() == "RETIRED"
    since = age_text(age(found.since, snapshot.wall))
    said = clean(why(found)) if found.state is not ConditionState.SUCCEEDED else ""
    text = f"{clean(found.type)}{f': {said}' if said else ''}"
    for number, piece in enumerate(wrap(text, cells - 8)):
        head = Span(f" {mark} " if not number else "   ", "muted" if retired else role)
        yield Line((head, left(piece, cells - 8), Span(f"{since:>4}" if not number else "", "muted")))
