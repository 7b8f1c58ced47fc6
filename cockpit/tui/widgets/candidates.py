"""Which revisions a shift may name, the likeliest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.release.state import State, can_serve, short_name, standing
from cockpit.release.traffic import LATEST, LATEST_WORD, percents, tags
from cockpit.text import clean
from cockpit.tui.widgets.percent_editor import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Revision, Service


def candidates(snapshot: Snapshot, selected: str = "") -> tuple[Candidate, ...]:
    """Those with traffic, the selected one, tagged ones, ready ones and retired ones, each newest first.

    Failed ones are among them only where they are selected, tagged or have traffic. Where LATEST has traffic, the
    revision it stands for comes last under its own name, for naming both gives it two shares.
    """
    service = snapshot.service
    if service is None:
        return ()
    now = percents(service.spec)
    ready = [each.name for each in snapshot.revisions if standing(each, ()).state is State.READY]
    retired = [each.name for each in snapshot.revisions if standing(each, ()).state is State.RETIRED]
    having = sorted(now, key=lambda name: -now[name])
    order = [*having, *filter(None, [selected]), *tags(service.spec).values(), *ready, *retired]
    if LATEST in now and service.latest_ready not in now:
        order = [*(name for name in order if name != service.latest_ready), service.latest_ready]
    known = {each.name: each for each in snapshot.revisions}
    return tuple(_candidate(name, service, known.get(name), now.get(name, 0)) for name in _once(order))


def row_of(snapshot: Snapshot, revision: str) -> str:
    """The row that stands for a revision: LATEST where traffic follows it to there, else the revision itself."""
    service = snapshot.service
    if service is None:
        return revision
    now = percents(service.spec)
    return LATEST if LATEST in now and revision == service.latest_ready and revision not in now else revision


def in_rows(shares: dict[str, int], rows: Sequence[Candidate]) -> tuple[tuple[str, int], ...]:
    """A split in the order of the rows, so that two bars of it can be compared."""
    return tuple(
        (name, shares[name]) for name in _once([*(row.name for row in rows), *shares]) if shares.get(name)
    )


def shown_name(service: Service, name: str) -> str:
    """A target's short name, clean: "00279-kub", or "LATEST 00279-kub"."""
    if name != LATEST:
        return clean(short_name(name, service.ref.service))
    now = clean(short_name(service.latest_ready, service.ref.service))
    return f"{LATEST_WORD} {now}".rstrip()


def _candidate(name: str, service: Service, revision: Revision | None, percent: int) -> Candidate:
    here = " ".join(tag for tag, on in tags(service.spec).items() if on == name)
    blocked = ""
    if revision is not None and not percent and not can_serve(revision):
        blocked = clean(str(standing(revision, service.serving)))
    return Candidate(name, shown_name(service, name), clean(here), blocked)


def _once(names: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(names)
