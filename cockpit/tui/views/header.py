"""The first line: what is watched, how fresh it is, whether it can be changed, and the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.snapshot import FeedState
from cockpit.text import clean, duration
from cockpit.tui.lines import Line, Span, cells_of, join, spread
from cockpit.tui.views.alerts import badge
from cockpit.tui.views.app_notices import health_badge
from cockpit.tui.views.looking import Looking, standing

if TYPE_CHECKING:
    from cockpit.live.snapshot import Arming, Feed, Snapshot
    from cockpit.tui.lines import Spans
    from cockpit.tui.views.looking import Playing

FRESHNESS = {
    FeedState.LIVE: ("●", "good"),
    FeedState.STARTING: ("◌", "muted"),
    FeedState.STALE: ("◐", "warn"),
    FeedState.FAILED: ("✗", "bad"),
}
_GRAVITY = (FeedState.LIVE, FeedState.STARTING, FeedState.STALE, FeedState.FAILED)


def header(snapshot: Snapshot, cells: int, looking: Looking | Playing | None = None) -> Line:
    """The header at a width: the place gives way first, then the clock, then the length of the service's name.

    Where it is not the present, the moment stands in the place of the freshness, and of the clock; whether changes
    are possible is said of the present all the same.
    """
    ref = snapshot.ref
    name: Spans = (Span(f" {clean(ref.service)}", "accent bold"),)
    place = (Span(f"{clean(ref.region)} · {clean(ref.project)}", "muted"),)
    clock = (Span(f"{snapshot.wall:%H:%M:%S}", "muted"),) if looking is None else ()
    alerts = badge(snapshot.metrics.alerts) if snapshot.metrics else ()
    health = health_badge(snapshot.app)
    fresh = freshness(snapshot) if looking is None else standing(looking)
    armed = _mode(_left(snapshot, looking), production=snapshot.arming.production)
    state = join([alerts, health, fresh, armed], "   ")
    needed = cells_of(name) + cells_of(state) + 3
    if looking is not None and needed > cells:
        state = join([alerts, standing(looking, brief=True), armed], "   ")
        needed = cells_of(name) + cells_of(state) + 3
    if clock and needed + cells_of(clock) + 3 <= cells:
        state = join([state, clock], "   ")
        needed += cells_of(clock) + 3
    if needed + cells_of(place) + 3 <= cells:
        name = join([name, place], "   ")
    return Line(spread(name, (*state, Span(" ")), cells))


def _left(snapshot: Snapshot, looking: Looking | Playing | None) -> float:
    """Seconds for which something can be changed: never in a recording, whatever could be then."""
    if looking is None:
        return snapshot.arming.seconds_left(snapshot.at)
    return looking.armed if isinstance(looking, Looking) else 0.0


def worst_feed(snapshot: Snapshot) -> Feed | None:
    """The service's feed unless it is live; then the one that stands worst."""
    service = snapshot.feed("service")
    if service is not None and service.state is not FeedState.LIVE:
        return service
    feeds = sorted(snapshot.feeds, key=lambda feed: feed is not service)
    return max(feeds, key=lambda feed: _GRAVITY.index(feed.state), default=None)


def freshness(snapshot: Snapshot) -> Spans:
    """The state of the worst feed and its age, shape first."""
    feed = worst_feed(snapshot)
    if feed is None:
        return ()
    mark, role = FRESHNESS[feed.state]
    age = feed.age(snapshot.at)
    whose = "" if feed.name == "service" else f"{clean(feed.name)} "
    word = "connecting" if feed.state is FeedState.STARTING else feed.state.value
    return (Span(f"{mark} {whose}{word}{f' {duration(age)}' if age is not None else ''}", role),)


def mode(arming: Arming, at: float) -> Spans:
    """READ-ONLY, or ARMED with its countdown; PRODUCTION beside either."""
    return _mode(arming.seconds_left(at), production=arming.production)


def _mode(left: float, *, production: bool) -> Spans:
    marked = (Span(" PRODUCTION ", "bad reverse bold"), Span(" ")) if production else ()
    if not left:
        return (*marked, Span("READ-ONLY", "muted"))
    minutes, seconds = divmod(int(left), 60)
    return (*marked, Span(f" ARMED {minutes}:{seconds:02} ", "warn reverse bold"))
