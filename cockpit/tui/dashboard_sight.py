"""How somebody looks at a dashboard: which times, what its variables are, which rows are folded."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards import times
from cockpit.metrics.dashboards.choices import ask, offered, options_of, options_of_series, still_chosen
from cockpit.metrics.dashboards.interpolation import Bound, interpolated
from cockpit.metrics.dashboards.intervals import Window
from cockpit.metrics.dashboards.model import ALL, Hide
from cockpit.metrics.dashboards.questions import known, questions
from cockpit.metrics.dashboards.repeat import repeated
from cockpit.metrics.engine import QueryError
from cockpit.text import clean, duration
from cockpit.tui.lines import Line, Span
from cockpit.tui.panels.frame import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.metrics.dashboards.interpolation import Bindings
    from cockpit.metrics.dashboards.model import Dashboard, Option, Panel, Row, Scope, Variable
    from cockpit.metrics.dashboards.questions import Question
    from cockpit.metrics.engine import Engine

SPANS = tuple(60.0 * minutes for minutes in (2, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 10_080, 43_200))
"""Seconds that zooming goes through."""

_HOUR = 3600.0


class Sight:
    """One dashboard and how it is looked at, for as long as the cockpit runs. Times are epoch seconds.

    `seconds` are those in view, None until somebody chooses: then they are the dashboard's, or fewer where nothing
    is older than `oldest`.
    """

    def __init__(self, dashboard: Dashboard) -> None:
        self.dashboard = dashboard
        self.chosen: dict[str, tuple[str, ...]] = {}
        self.options: dict[str, tuple[Option, ...]] = {}
        self.problems: dict[str, str] = {}
        self.folded = {number for number, row in enumerate(dashboard.rows) if row.collapsed}
        self.seconds: float | None = None
        self.oldest: float | None = None
        self.rows: tuple[Row, ...] = dashboard.rows
        self._variables: Bindings = {}
        self._end: float | None = None

    def span(self, now: float, at: float | None) -> tuple[float, float]:
        """From when to when is looked at `now`, or while everything shows the moment `at`.

        A moment that is looked at moves nothing as long as it is in view.
        """
        if at is None:
            self._end = None
            return now - self.length(now), now
        length = self.length(now)
        if self._end is None:
            self._end = max(now, at)
        if not self._end - length <= at <= self._end:
            self._end = min(at + length / 4, max(now, at))
        return self._end - length, self._end

    def length(self, now: float) -> float:
        """Seconds in view."""
        if self.seconds is not None:
            return self.seconds
        own = self.own_length(now)
        age = own if self.oldest is None else now - self.oldest
        return min(own, next((span for span in SPANS if span >= age), own))

    def own_length(self, now: float) -> float:
        """Seconds that the dashboard itself shows; an hour where it says none that can be read."""
        try:
            start, end = times.bounds(self.dashboard.time, now)
        except times.TimeError:
            return _HOUR
        return max(1.0, end - start)

    def note_oldest(self, at: float) -> bool:
        """There is something as old as this; whether that is news."""
        news = self.oldest is None or at < self.oldest
        if news:
            self.oldest = at
        return news

    def zoom(self, steps: int, now: float) -> None:
        """Fewer seconds in view, or more by a negative number."""
        length = self.length(now)
        for _ in range(abs(steps)):
            beyond = [span for span in SPANS if (span < length if steps > 0 else span > length)]
            length = (beyond[-1] if steps > 0 else beyond[0]) if beyond else length
        self.seconds = length

    def described(self, now: float) -> str:
        """The times in view, in words."""
        length = self.length(now)
        shorter = self.seconds is None and length < self.own_length(now)
        return f"last {duration(length)}{' · all there is' if shorter else ''}"

    def window(self, span: tuple[float, float], points: int, scrape: float) -> Window:
        """What is asked for, `points` values a line at most; `scrape` is how far apart samples are, in seconds."""
        return Window(round(span[0] * 1000), round(span[1] * 1000), points, max(1, round(scrape * 1000)))

    def variables(self, window: Window, scope: Scope = ()) -> Bindings:
        """What every variable is."""
        return known(self.dashboard, self.chosen, self.options, window, scope)

    def expand(self, window: Window) -> None:
        """Repeat what is repeated, by what the variables are now."""
        self._variables = self.variables(window)
        self.rows = repeated(self.dashboard.rows, self._variables)

    def questions(self, panel: Panel, window: Window) -> tuple[tuple[Question, ...], Bindings]:
        """What a panel asks, and the variables it asks with."""
        variables = self.variables(window, panel.scope)
        return questions(panel, window, variables), variables

    def headline(self, number: int) -> Face:
        """What stands over a row of panels: whether they are folded, and how many they are."""
        row = self.rows[number]
        count = f"{len(row.panels)} panel{'s' * (len(row.panels) != 1)}"
        scope = {name: Bound((option,)) for name, option in row.scope}
        title = clean(interpolated(row.title, {**self._variables, **scope}))
        mark = "▸" if number in self.folded else "▾"
        spans = (Span(f" {mark} {title or 'Row'} ", "accent bold"), Span(f"· {count}", "muted"))
        return Face(title, (Line(spans),), bare=True)

    # Variables

    @property
    def choices(self) -> tuple[Variable, ...]:
        """The variables that can be chosen."""
        return tuple(each for each in self.dashboard.variables if each.hide is not Hide.VARIABLE)

    def values(self, variable: Variable) -> tuple[str, ...]:
        """The values that are chosen for one."""
        return self.chosen.get(variable.name, variable.current)

    def told(self, variable: Variable) -> str:
        """What is chosen for one, clean."""
        texts = {option.value: option.text for option in self.options.get(variable.name, variable.options)}
        values = self.values(variable)
        return clean(" + ".join("All" if value == ALL else texts.get(value, value) for value in values)) or "–"

    async def read_options(self, engine: Engine, window: Window) -> None:
        """Ask for the options of the variables, in their order: one may depend on those before it."""
        for variable in self.dashboard.variables:
            asked = ask(variable, self.variables(window), window)
            if asked is None:
                continue
            try:
                if asked.expression:
                    answer = await engine.instant(asked.expression, window.end)
                    found = await asyncio.to_thread(options_of, variable, asked, answer)
                else:
                    found = await asyncio.to_thread(options_of_series, variable, asked, await engine.series(""))
            except QueryError as error:
                self.problems[variable.name] = clean(f"{error}; {error.mend}" if error.mend else str(error))
                continue
            self.problems.pop(variable.name, None)
            self._offer(variable, found)

    def _offer(self, variable: Variable, options: Sequence[Option]) -> None:
        self.options[variable.name] = tuple(options)
        self.chosen[variable.name] = still_chosen(variable, self.values(variable), options)

    def offered(self, variable: Variable) -> tuple[Option, ...]:
        """What can be chosen for a variable."""
        return offered(variable, self.options.get(variable.name, variable.options))


class Sights:
    """The dashboards there are, and which one is looked at."""

    def __init__(self, dashboards: Sequence[Dashboard] = ()) -> None:
        self.all = [Sight(dashboard) for dashboard in dashboards]
        self.index = 0

    @property
    def current(self) -> Sight:
        """The one that is looked at."""
        return self.all[self.index]
