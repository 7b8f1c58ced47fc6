"""Settings → who asks the application. Imported in a thread, when a session starts."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from cockpit.config import shipped
from cockpit.live.app.habits import (
    MEBIBYTE,
    AppHabits,
    CheckHabits,
    ProbeHabits,
    TimelineHabits,
    ValueHabits,
)
from cockpit.live.app.judging import Expected
from cockpit.live.app.means import AppMeans
from cockpit.live.app.watch import AppWatch
from cockpit.live.metrics.last_use import LastUse
from cockpit.metrics.rules.durations import HOW, seconds_of
from cockpit.sources.app import App
from cockpit.sources.timelines.shape import Shape
from cockpit.text import clean
from cockpit.wiring.headers import headers_of, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cockpit.config import Settings
    from cockpit.config.app import BodySettings, CheckSettings, TimelineSettings
    from cockpit.config.metrics import Given
    from cockpit.live.clock import Clock
    from cockpit.sources.secrets import Headers

_CHECKS = "app.health.checks"
_LEAST_STEP = 60.0


class Asking:
    """What asking the application has in common for every session: connections, tokens, habits.

    Raises ConfigError.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._clock = clock
        self._random = Random()
        self._habits = habits_of(settings)
        self._app = App(tokens_of(settings), wall=clock.time)

    def watch(self, changed: Callable[[], None]) -> AppWatch:
        """What asks the application of one service; nothing runs yet."""
        last_use = LastUse(self._clock.now(), self._habits.idle)
        return AppWatch(self._habits, AppMeans(self._app, last_use, self._clock, self._random, changed))

    async def close(self) -> None:
        """Close every connection."""
        await self._app.close()


def habits_of(settings: Settings) -> AppHabits:
    """The habits that settings give. Raises ConfigError."""
    app, health = settings.app, settings.app.health
    names = [timeline.name for timeline in app.timelines]
    if again := next((at for at, name in enumerate(names) if name in names[:at]), None):
        wrong = f"is {names[again]}, as one above is"
        raise settings.error(f"app.timelines[{again}].name", wrong, "give each a name of its own")
    return AppHabits(
        probes=ProbeHabits(
            checks=tuple(
                dict.fromkeys(_check(settings, f"{_CHECKS}[{at}]", each) for at, each in enumerate(health.checks))
            ),
            tags=health.tags,
            interval=health.interval_seconds,
            timeout=health.timeout_seconds,
            slow=health.slow_seconds,
            window=health.window_seconds,
        ),
        timelines=tuple(
            _timeline(settings, f"app.timelines[{at}]", each) for at, each in enumerate(app.timelines)
        ),
        interval=app.interval_seconds,
        timeout=app.timeout_seconds,
        most=app.size_mib * MEBIBYTE,
        idle=settings.metrics.idle_seconds,
    )


def _check(settings: Settings, key: str, check: CheckSettings) -> CheckHabits:
    first, _, last = check.status.partition("-")
    if last and last < first:
        wrong = f"ends before it begins: {check.status!r}"
        raise settings.error(f"{key}.status", wrong, "write it like 200-299")
    place = settings.places.get(f"{_CHECKS}[0]")
    return CheckHabits(
        path=check.path,
        expected=_expected(settings, f"{key}.body", int(first), int(last or first), check.body),
        headers=_headers(settings, f"{key}.headers", check.headers),
        assumed=place is not None and place.source == str(shipped("config.toml")),
    )


def _expected(settings: Settings, key: str, first: int, last: int, body: BodySettings) -> Expected:
    given = [name for name in ("field", "text", "regex") if getattr(body, name)]
    if len(given) > 1:
        wrong = f"looks for {' and '.join(given)} at once"
        raise settings.error(key, wrong, "keep one of them; another path may have another")
    if body.equals is not None and not body.field:
        raise settings.error(key, "says what equals, and not which field", 'write it like { field = "status", … }')
    if body.regex:
        _check_regex(settings, f"{key}.regex", body.regex)
    return Expected(first, last, body.field, body.equals, body.text, body.regex)


def _check_regex(settings: Settings, key: str, pattern: str) -> None:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise settings.error(key, f"is no regular expression: {clean(reason)}", "mend it") from None


def _timeline(settings: Settings, key: str, timeline: TimelineSettings) -> TimelineHabits:
    step = _duration(settings, f"{key}.step", timeline.step)
    if step < _LEAST_STEP:
        raise settings.error(f"{key}.step", f"is less than a minute: {timeline.step!r}", "write it like 1d or 1h")
    periods = {each: _duration(settings, f"{key}.periods", each) for each in timeline.periods}
    if short := next((name for name, seconds in periods.items() if seconds < step), None):
        raise settings.error(f"{key}.periods", f"has {short!r}, which is shorter than a step", HOW)
    return TimelineHabits(
        name=timeline.name,
        title=timeline.title or timeline.name,
        path=timeline.path,
        shape=Shape(
            timeline.time,
            tuple(value.field for value in timeline.values),
            step,
            timeline.rows,
            timeline.inclusive,
        ),
        values=tuple(
            ValueHabits(value.title or value.field, value.unit, value.total) for value in timeline.values
        ),
        periods=periods,
        bars=timeline.kind == "bars",
        headers=_headers(settings, f"{key}.headers", timeline.headers),
    )


def _duration(settings: Settings, key: str, text: str) -> float:
    try:
        return seconds_of(text)
    except ValueError as error:
        raise settings.error(key, f"holds what is none: {error}", HOW) from None


def _headers(settings: Settings, key: str, own: Mapping[str, Given]) -> Headers:
    """The headers of all that is asked, those of one timeline or check before them."""
    mine = headers_of(settings, key, own)
    named = {name.lower() for name, _ in mine}
    shared = headers_of(settings, "app.headers", settings.app.headers)
    return (*mine, *(each for each in shared if each[0].lower() not in named))
