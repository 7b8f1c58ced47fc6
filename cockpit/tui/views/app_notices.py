"""What of the application needs saying wherever one looks: bad health, and timelines with nothing in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.app.picture import Health
from cockpit.sources.timelines.shape import Flaw
from cockpit.text import clean, shorten
from cockpit.tui.lines import Span
from cockpit.tui.views.app_health import MARKS, since, where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.live.app.picture import AppPicture
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.lines import Spans

_BAD = (Health.FAILING, Health.DEGRADED)
_LONGEST = 12
"""Cells of a tag in the header."""
_NOTHING = {Flaw.EMPTY: "no rows at all", Flaw.ALL_ZERO: "nothing but zeros"}


def health_badge(app: AppPicture | None) -> Spans:
    """What the header says: whose health is failing, or how many paths', else degraded; nothing where none is."""
    for health, role in zip(_BAD, ("bad reverse bold", "warn"), strict=True):
        bad = [probe for probe in app.probes if probe.health is health] if app else []
        if bad:
            whose = shorten(where(bad[0]), _LONGEST) if len(bad) == 1 else str(len(bad))
            text = f"{MARKS[health][0]} {whose} {health.value}"
            return (Span(f" {text} " if "reverse" in role else text, role),)
    return ()


def app_notices(snapshot: Snapshot) -> Iterator[Spans]:
    """The gravest health, with how many others are as bad; then timelines that have nothing to show."""
    app = snapshot.app
    if app is None:
        return
    yield from _health(app, snapshot)
    for flaw, said in _NOTHING.items():
        found = {
            each.title: finding for each in app.timelines for finding in each.findings if finding.flaw is flaw
        }
        if found:
            names = ", ".join(map(clean, found))
            noun = "timelines" if len(found) > 1 else "timeline"
            mend = clean(next(iter(found.values())).mend)
            yield (Span(f"! {noun} {names}: {said}", "warn"), Span(f"  {mend}", "muted"))


def _health(app: AppPicture, snapshot: Snapshot) -> Iterator[Spans]:
    for health in _BAD:
        bad = [probe for probe in app.probes if probe.health is health]
        if bad:
            first, more = bad[0], len(bad) - 1
            mark, role = MARKS[health]
            head = f"{mark} {where(first)} {clean(first.path)} {health.value} {since(first, snapshot)}".rstrip()
            others = f" · {more} more" if more else ""
            yield (Span(f"{head}: {clean(first.why)}{others}", role), Span(f"  {clean(first.mend)}", "muted"))
            return
