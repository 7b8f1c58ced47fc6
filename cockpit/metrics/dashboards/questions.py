"""What a panel asks an engine: expressions with their variables put in, and the times they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.interpolation import (
    Bound,
    bindings,
    expression,
    interpolated,
    references,
    verbatim,
)
from cockpit.metrics.dashboards.intervals import Window, auto, built_in, interval
from cockpit.metrics.dashboards.model import Option, VariableKind
from cockpit.metrics.dashboards.times import milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.metrics.dashboards.interpolation import Bindings
    from cockpit.metrics.dashboards.model import Dashboard, Panel, Scope, Target

AUTO = "$__auto"
"""The value of an interval variable that depends on the range; Grafana writes `$__auto_interval_` and its name."""


@dataclass(frozen=True, slots=True)
class Question:
    """One expression for `range` from `start` to `end` every `step` (milliseconds), or at `end` where `instant`.

    `legend` is the target's legendFormat with its variables put in. `unknown` are the variables in the expression
    that nobody knows: an engine would refuse it.
    """

    target: Target
    expression: str
    start: int
    end: int
    step: int
    instant: bool
    legend: str = ""
    unknown: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, int, int, int, bool]:
        """What tells it from other questions: those with the same key have the same answer."""
        return self.expression, 0 if self.instant else self.start, self.end, self.step, self.instant


def known(
    dashboard: Dashboard,
    chosen: Mapping[str, Sequence[str]],
    options: Mapping[str, Sequence[Option]],
    window: Window,
    scope: Scope = (),
) -> dict[str, Bound]:
    """What every variable is in a window: the dashboard's own and those that every one knows."""
    found = bindings(dashboard.variables, chosen, options, scope)
    for variable in dashboard.variables:
        if variable.kind is VariableKind.INTERVAL:
            found[variable.name] = _interval(found[variable.name], auto(variable, window) if variable.auto else "")
    names = {"__dashboard": dashboard.title, "__name": dashboard.title}
    return {**verbatim({**names, **built_in(window, interval(window))}), **found}


def panel_window(panel: Panel, window: Window) -> Window:
    """The times of a panel: the dashboard's, unless it has a range or a shift of its own."""
    length, shift = milliseconds(panel.time_from), milliseconds(panel.time_shift) or 0
    start = window.end - length if length else window.start
    points = min(window.points, panel.most_points) if panel.most_points else window.points
    return Window(start - shift, window.end - shift, points, window.scrape)


def questions(panel: Panel, window: Window, variables: Bindings) -> tuple[Question, ...]:
    """What a panel asks; targets that are hidden, or lack something, are left out. One that is both asks twice."""
    own = panel_window(panel, window)
    panel_step = interpolated(panel.min_step, variables)
    return tuple(
        _question(target, own, variables, panel_step, instant=instant)
        for target in panel.targets
        if not (target.hidden or target.missing)
        for instant in (False, True)
        if (target.instant if instant else target.range)
    )


def _question(target: Target, window: Window, variables: Bindings, panel_step: str, *, instant: bool) -> Question:
    step = target.min_step if "__" in target.min_step else interpolated(target.min_step, variables)
    found = interval(window, panel_step=panel_step, target_step=step, factor=target.interval_factor)
    values = {**variables, **verbatim(built_in(window, found))}
    # Ranges begin and end at multiples of their step, so that lines do not change as the time goes on.
    start, end = (
        (window.start, window.end) if instant else (_down(window.start, found.step), _down(window.end, found.step))
    )
    return Question(
        target=target,
        expression=expression(target.expression, values),
        start=start,
        end=end,
        step=found.step,
        instant=instant,
        legend=interpolated(target.legend, values),
        unknown=tuple(name for name in references(target.expression) if name not in values),
    )


def _down(moment: int, step: int) -> int:
    return moment - moment % step


def _interval(bound: Bound, automatic: str) -> Bound:
    """An interval variable, whose choice "auto" is of a length by now."""
    chosen = (automatic if option.value.startswith(AUTO) else option.value for option in bound.options)
    return Bound(tuple(Option(value, value) for value in chosen), verbatim=True)
