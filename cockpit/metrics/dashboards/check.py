"""What of a dashboard cannot be shown as Grafana shows it, found before anybody opens it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.choices import ask
from cockpit.metrics.dashboards.fields import Match, Matcher
from cockpit.metrics.dashboards.interpolation import Bound, references
from cockpit.metrics.dashboards.intervals import Window
from cockpit.metrics.dashboards.model import Kind, Option, VariableKind
from cockpit.metrics.dashboards.patterns import pattern
from cockpit.metrics.dashboards.questions import known, questions
from cockpit.metrics.dashboards.reduce import is_known
from cockpit.metrics.dashboards.times import TimeError, bounds, milliseconds
from cockpit.metrics.engine import QueryError
from cockpit.metrics.promql.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cockpit.metrics.dashboards.fields import Field
    from cockpit.metrics.dashboards.interpolation import Bindings
    from cockpit.metrics.dashboards.model import Dashboard, Panel, Variable
    from cockpit.metrics.dashboards.questions import Question

_HOUR = 3_600_000
_WINDOW = Window(1_760_000_000_000 - _HOUR, 1_760_000_000_000)
"""Any hour: what is found does not depend on it."""
_STANDING_IN = ("any", "5m", "1")
"""Values of a variable that the file gives none, as its choices are asked for when it is opened: text, duration
and number. An expression that is right with one of them is right."""
_NO_RE2 = "write it without lookarounds and references back, which RE2 has not"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `code` is stable for scripts: "read", "lacks", "syntax", "type", "unsupported", "limit",
    "variable", "pattern", "calculation", "time". `panel` is its title, "" for the dashboard as a whole.

    `expression` is the PromQL that is meant with its variables put in, `position` the place in it.
    """

    code: str
    place: str
    message: str
    mend: str = ""
    panel: str = ""
    panel_place: str = ""
    expression: str = ""
    position: int | None = None


def check(dashboard: Dashboard) -> tuple[Finding, ...]:
    """Everything that is wrong with a dashboard or not supported, in the order of the file's parts."""
    variables = [_bound(dashboard, value) for value in _STANDING_IN]
    found = [Finding("read", each.place, each.message, each.mend) for each in dashboard.problems]
    found += [Finding("lacks", "", f"not shown: {each}") for each in dashboard.missing]
    found += _times(dashboard)
    for variable in dashboard.variables:
        found += _variable(variable, variables[0])
    for panel in dashboard.panels:
        found += _panel(panel, variables)
    return tuple(found)


def _bound(dashboard: Dashboard, value: str) -> dict[str, Bound]:
    """The variables with the values the file gives, or this one."""
    variables = known(dashboard, {}, {}, _WINDOW)
    standing_in = (Option(value, value),)
    return {
        name: bound if any(option.value for option in bound.options) else Bound(standing_in, bound.several)
        for name, bound in variables.items()
    }


def _times(dashboard: Dashboard) -> Iterator[Finding]:
    try:
        bounds(dashboard.time, _WINDOW.end / 1000)
    except TimeError as error:
        yield Finding("time", "time", str(error), error.mend)


def _variable(variable: Variable, variables: Bindings) -> Iterator[Finding]:
    place = f"${variable.name}"
    if variable.missing:
        yield Finding("lacks", place, f"not supported: {variable.missing}")
    if variable.regex and pattern(variable.regex) is None:
        yield Finding("pattern", place, f"{variable.regex!r} is no pattern of RE2", _NO_RE2)
    for name in references(variable.query):
        if variable.kind is VariableKind.QUERY and name not in variables:
            yield _unknown(name, place)
    asked = ask(variable, variables, _WINDOW)
    if asked is not None and asked.expression:
        yield from _parsed(asked.expression, place)


def _panel(panel: Panel, variables: Sequence[Bindings]) -> Iterator[Finding]:
    found = [Finding("lacks", panel.place, f"lacks {each}") for each in panel.missing]
    found += _settings(panel)
    if panel.repeat and panel.repeat.variable not in variables[0]:
        found.append(_unknown(panel.repeat.variable, f"{panel.place}.repeat"))
    for alike in zip(*(questions(panel, _WINDOW, each) for each in variables), strict=True):
        found += _question(alike)
    for each in found:
        yield Finding(
            each.code,
            each.place,
            each.message,
            each.mend,
            panel.title,
            panel.place,
            each.expression,
            each.position,
        )


def _question(alike: Sequence[Question]) -> Iterator[Finding]:
    """What is wrong with a question, which differs in nothing but what stands in for variables."""
    question, place = alike[0], alike[0].target.place
    if question.unknown:
        yield from (_unknown(name, place) for name in question.unknown)
    elif question.expression:
        wrong = [
            list(_parsed(each.expression, place)) for each in {each.expression: each for each in alike}.values()
        ]
        yield from wrong[0] if all(wrong) else ()


def _parsed(text: str, place: str) -> Iterator[Finding]:
    try:
        parse(text)
    except QueryError as error:
        yield Finding(error.kind, place, str(error), error.mend, expression=text, position=error.position)


def _unknown(name: str, place: str) -> Finding:
    return Finding("variable", place, f"the variable {name!r} is not in the dashboard", "add it, or take it out")


def _settings(panel: Panel) -> Iterator[Finding]:
    calcs = (*panel.reduce.calcs, *panel.legend.calcs) if panel.kind is not Kind.TEXT else ()
    for calc in dict.fromkeys(calcs):
        if not is_known(calc):
            yield Finding(
                "calculation", panel.place, f"the calculation {calc!r} is not known", "choose another one"
            )
    for name, text in (("timeFrom", panel.time_from), ("timeShift", panel.time_shift)):
        if text and milliseconds(text) is None:
            yield Finding("time", f"{panel.place}.{name}", f"{text!r} is no duration", "write it like 30m or 1d")
    for text in _patterns(panel):
        if pattern(text) is None:
            yield Finding("pattern", panel.place, f"{text!r} is no pattern of RE2", _NO_RE2)


def _patterns(panel: Panel) -> Iterator[str]:
    for override in panel.overrides:
        if override.matcher is Matcher.REGEX:
            yield from override.named
    fields: list[Field] = [panel.field, *(override.field for override in panel.overrides)]
    for field in fields:
        for mapping in field.mappings or ():
            if mapping.match is Match.REGEX:
                yield mapping.text
