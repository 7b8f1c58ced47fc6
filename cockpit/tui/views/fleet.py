"""A fleet in rows: how each service stands, where its traffic goes, what its requests come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.live.snapshot import FeedState
from cockpit.release.fleet import ALARMING, canary_of, idle_tags_of, reason_of, shares_of, state_of
from cockpit.release.service import ConditionState
from cockpit.release.state import short_name
from cockpit.release.traffic import label
from cockpit.text import age, clean, duration, percent, width
from cockpit.tui.lines import Line, Span, crop, join, left, right, spread, wrap
from cockpit.tui.views.traffic import bar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cockpit.live.fleet.picture import Area, FleetPicture
    from cockpit.release.fleet import Member
    from cockpit.release.service import Service
    from cockpit.tui.lines import Spans

MARKS = {
    ConditionState.SUCCEEDED: ("●", "good", "ready"),
    ConditionState.FAILED: ("✗", "bad", "failed"),
    ConditionState.RECONCILING: ("◐", "warn", "reconciling"),
    ConditionState.PENDING: ("◐", "warn", "pending"),
    ConditionState.UNKNOWN: ("?", "muted", "unknown"),
}
"""Shape, role and word by state."""

_BAR = 10
_NAME, _SPLIT, _NUMBER, _AGE = 34, 16, 7, 5
_PLACE = 30


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of each column at a width, 0 for one that is left out; what remains is the note's."""

    name: int
    bar: int
    place: int
    counts: bool
    cells: int


def columns(members: Sequence[Member], cells: int) -> Columns:
    """How the cells of a row are shared out: the bar gives way first, then where a service is, then the counts."""
    longest = max((width(clean(member.ref.service)) for member in members), default=0)
    places = {_place(member.service) for member in members}
    place = min(_PLACE, max(map(width, places), default=0)) if len(places) > 1 and cells >= 140 else 0
    name = max(7, min(longest, _NAME, cells - 40))
    return Columns(name, _BAR if cells >= 100 else 0, place, cells >= 84, cells)


def head_line(shown: Columns) -> Line:
    """What the columns hold."""
    spans = [left("   service", shown.name + 3), Span("  "), left("traffic", _split(shown))]
    if shown.counts:
        spans += [right("req/min", _NUMBER + 1), right("5xx/min", _NUMBER + 1)]
    spans += [right("5xx", _NUMBER), right("alerts", _NUMBER), right("changed", _AGE + 3)]
    if shown.place:
        spans += [Span("  "), left("where", shown.place)]
    return Line(crop((*(Span(span.text, "muted") for span in spans), Span("  note", "muted")), shown.cells))


def member_line(member: Member, wall: datetime, shown: Columns) -> Line:
    """One service; what the line is about is its key."""
    service, requests = member.service, member.requests
    mark, role, _ = MARKS[state_of(service)]
    spans: list[Span] = [
        Span(f" {mark} ", role),
        left(clean(member.ref.service), shown.name, "bold"),
        Span("  "),
        *_traffic(service, shown),
    ]
    if shown.counts:
        spans.append(right(_count(requests.per_minute if requests else None), _NUMBER + 1))
        errors = requests.errors_per_minute if requests else None
        spans.append(right(_count(errors), _NUMBER + 1, "" if errors else "muted"))
    share = requests.error_share if requests else None
    failing = "bad bold" if share and share >= ALARMING else "warn" if share else "muted"
    spans.append(right("–" if share is None else percent(100 * share, 1 if share else 0), _NUMBER, failing))
    spans.append(_alerts(member.alerts))
    changed = (wall - service.updated).total_seconds() if service.updated else None
    spans.append(right(age(changed) or "–", _AGE + 3))
    if shown.place:
        spans += [Span("  "), left(_place(service), shown.place, "muted")]
    note = _note(service)
    return Line(crop((*spans, Span("  "), *note), shown.cells), key=service.ref.path)


def summary(picture: FleetPicture, cells: int) -> Line:
    """How many services there are, how many of them need a look, and how old that is."""
    states = [state_of(member.service) for member in picture.members]
    failed = states.count(ConditionState.FAILED)
    moving = states.count(ConditionState.RECONCILING) + states.count(ConditionState.PENDING)
    canaries = sum(canary_of(member.service) is not None for member in picture.members)
    parts: list[Spans] = [(Span(f" {_counted(len(states), 'service')}", "accent bold"),), _where(picture)]
    if failed:
        parts.append((Span(f"✗ {failed} failed", "bad bold"),))
    if moving:
        parts.append((Span(f"◐ {moving} reconciling", "warn"),))
    if canaries:
        parts.append((Span(f"▒ {canaries} with a canary"),))
    return Line(spread(join(parts, "   "), (*_freshness(picture), Span(" ")), cells))


def troubles(picture: FleetPicture, cells: int) -> list[Line]:
    """Which regions and request logs are not read and why, and alerts that nobody tells, with the mend.

    Regions of a project that fail alike share their lines.
    """
    lines: list[Line] = []
    for areas in _failing(picture):
        first, more = areas[0], len(areas) - 1
        others = f" and {_counted(more, 'more region')}" if more else ""
        assert first.feed.problem is not None
        said = f"{first.project} · {first.region}{others}: {first.feed.problem.text}"
        lines += _trouble(said, first.feed.problem.mend, first.feed.state, cells)
    silent = {area.project for area in picture.areas if area.feed.fresh_at is None}
    for project, feed in picture.logs:
        if feed.problem is not None and project not in silent:
            said = f"{project}: requests are not counted: {feed.problem.text}"
            lines += _trouble(said, feed.problem.mend, feed.state, cells)
    if picture.alerts is not None and picture.alerts.problem is not None:
        said = f"alerts are not known: {picture.alerts.problem.text}"
        lines += _trouble(said, picture.alerts.problem.mend, picture.alerts.state, cells)
    return lines


def _failing(picture: FleetPicture) -> list[list[Area]]:
    """Areas that have a problem, those of one project and one kind of problem together."""
    alike: dict[tuple[str, str], list[Area]] = {}
    for area in picture.areas:
        if area.feed.problem is not None:
            alike.setdefault((area.project, area.feed.problem.kind), []).append(area)
    return list(alike.values())


def _trouble(said: str, mend: str, state: FeedState, cells: int) -> list[Line]:
    mark, role = ("✗", "bad") if state is FeedState.FAILED else ("◐", "warn")
    told = wrap(clean(f"{said}{f' · {mend}' if mend else ''}"), cells - 4)
    return [
        Line((Span(f" {mark} " if not at else "   ", role), Span(text, role if not at else "muted")))
        for at, text in enumerate(told)
    ]


def _where(picture: FleetPicture) -> Spans:
    if len(picture.areas) == 1:
        only = picture.areas[0]
        return (Span(clean(f"{only.region} · {only.project}"), "muted"),)
    projects, regions = ({getattr(area, name) for area in picture.areas} for name in ("project", "region"))
    return (Span(f"{_counted(len(regions), 'region')} of {_counted(len(projects), 'project')}", "muted"),)


def _freshness(picture: FleetPicture) -> Spans:
    """The age of the oldest answer."""
    read = [area.feed.fresh_at for area in picture.areas if area.feed.fresh_at is not None]
    if not read:
        failed = any(area.feed.problem for area in picture.areas)
        return (Span("✗ not read", "bad"),) if failed else (Span("◌ reading …", "muted"),)
    worst = max((area.feed.state for area in picture.areas), key=_grave)
    mark, role = {FeedState.LIVE: ("●", "good"), FeedState.STARTING: ("◌", "muted")}.get(worst, ("◐", "warn"))
    return (Span(f"{mark} read {duration(picture.at - min(read))} ago", role),)


def _grave(state: FeedState) -> int:
    return (FeedState.LIVE, FeedState.STARTING, FeedState.STALE, FeedState.FAILED).index(state)


def _split(shown: Columns) -> int:
    return _SPLIT + (shown.bar + 2 if shown.bar else 0)


def _traffic(service: Service, shown: Columns) -> Spans:
    """Where the traffic goes, as a bar and in words: what has most of it is first."""
    shares = dict(sorted(shares_of(service).items(), key=lambda share: -share[1]))
    drawn: Spans = ()
    if shown.bar:
        slots = {name: at for at, name in enumerate(shares)}
        drawn = (*bar(shares, list(shares), slots, shown.bar), Span("  "))
    return (*drawn, left(split_words(service), _SPLIT, "" if shares else "warn"))


def _note(service: Service) -> Spans:
    """Why it does not stand well, else its canary, and tags without traffic; who changed it last."""
    reason = reason_of(service)
    if reason:
        _, role, word = MARKS[state_of(service)]
        return (Span(f"{word}: {clean(reason)}", role),)
    parts: list[Spans] = []
    if (canary := canary_of(service)) is not None:
        name, share = canary
        parts.append((Span(f"canary {clean(short_name(name, service.ref.service))} {share} %", "accent"),))
    if idle := idle_tags_of(service):
        parts.append((Span(f"tag {clean(', '.join(idle))}"),))
    if service.last_modifier:
        parts.append((Span(f"by {clean(service.last_modifier)}", "muted"),))
    return join(parts, " · ")


def split_words(service: Service) -> str:
    """What serves, without names: "100", "90 · 10"; the revision's own end where it is one alone."""
    shares = shares_of(service)
    if len(shares) == 1:
        name = clean(label(next(iter(shares)))).removeprefix(f"{clean(service.ref.service)}-")
        return f"100 % {name}"
    return " · ".join(f"{share}" for share in sorted(shares.values(), reverse=True)) or "not serving"


def _place(service: Service) -> str:
    return clean(f"{service.ref.region} · {service.ref.project}")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _alerts(firing: int | None) -> Span:
    if not firing:
        return right("–" if firing is None else "0", _NUMBER, "muted")
    return right(f"▲ {firing}", _NUMBER, "bad")


def _count(value: float | None) -> str:
    """A number a minute: whole from ten on."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 10 or not value else f"{value:.1f}"
