"""The choices of variables: what has to be asked for them, and what an answer comes to.

packages/grafana-prometheus/src/metric_find_query.ts in grafana/grafana;
https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.interpolation import expression
from cockpit.metrics.dashboards.intervals import built_in, interval
from cockpit.metrics.dashboards.model import ALL, Option, VariableKind
from cockpit.metrics.dashboards.patterns import is_global, pattern
from cockpit.metrics.engine import QueryError
from cockpit.metrics.labels import NAME, notation, value_of
from cockpit.metrics.promql.nodes import VectorSelector
from cockpit.metrics.promql.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from cockpit.metrics.dashboards.interpolation import Bindings
    from cockpit.metrics.dashboards.intervals import Window
    from cockpit.metrics.dashboards.model import Sort, Variable
    from cockpit.metrics.engine import Answer
    from cockpit.metrics.labels import Labels

MOST_OPTIONS = 5000
"""Options of a variable; a label of more values chooses nothing."""

_LABEL_NAMES = re.compile(r"label_names\((?:(.+))?\)\s*", re.DOTALL)
_LABEL_VALUES = re.compile(r"label_values\((?:(.+),\s*)?([a-zA-Z_][a-zA-Z0-9_]*)\s*\)\s*", re.DOTALL)
_METRICS = re.compile(r"metrics\((.+)\)\s*", re.DOTALL)
_RESULT = re.compile(r"query_result\((.+)\)\s*", re.DOTALL)
_NUMBER = re.compile(r"(\d{1,18})")
_RUNS = re.compile(r"(\d{1,18})|(\D+)")


class Wanted(Enum):
    """What of an answer is an option."""

    LABEL = "label"
    LABEL_NAMES = "label names"
    METRICS = "metrics"
    RESULT = "result"
    SERIES = "series"


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask an engine: `expression` at the window's end, or with "" its series, `Engine.series("")`.

    `name` is the label whose values, or the pattern of the metrics, that are wanted.
    """

    wanted: Wanted
    expression: str = ""
    name: str = ""


def ask(variable: Variable, variables: Bindings, window: Window) -> Ask | None:
    """What a variable's options are asked with; None for one that needs no asking, or asks nothing understood."""
    if variable.kind is not VariableKind.QUERY or variable.missing or not variable.query.strip():
        return None
    found = interval(window)
    query = expression(variable.query.strip(), variables)
    over = built_in(window, found)["__range"]
    if match := _LABEL_NAMES.fullmatch(query):
        return Ask(Wanted.LABEL_NAMES, _seen(match[1], over) if match[1] else "")
    if match := _LABEL_VALUES.fullmatch(query):
        return Ask(Wanted.LABEL, _seen(match[1], over), match[2])
    if match := _METRICS.fullmatch(query):
        return Ask(Wanted.METRICS, name=match[1].strip())
    if match := _RESULT.fullmatch(query):
        return Ask(Wanted.RESULT, match[1].strip())
    return Ask(Wanted.SERIES, _seen(query, over))


def options_of(variable: Variable, asked: Ask, answer: Answer) -> tuple[Option, ...]:
    """The options in the answer to what was asked at the window's end."""
    if asked.wanted is Wanted.RESULT:
        return options_from(variable, _results(answer))
    sets = [*(sample.labels for sample in answer.samples), *(line.labels for line in answer.lines)]
    return options_of_series(variable, asked, sets)


def options_of_series(variable: Variable, asked: Ask, sets: Sequence[Labels]) -> tuple[Option, ...]:
    """The options in the label sets of series."""
    if asked.wanted is Wanted.LABEL:
        found = {value_of(labels, asked.name) for labels in sets} - {""}
    elif asked.wanted is Wanted.LABEL_NAMES:
        found = {name for labels in sets for name, _ in labels}
    elif asked.wanted is Wanted.METRICS:
        wanted = pattern(f"/{asked.name}/")
        names = {value_of(labels, NAME) for labels in sets} - {""}
        found = {name for name in names if wanted is not None and wanted.search(name)}
    else:
        found = {notation(labels) for labels in sets}
    return options_from(variable, sorted(found))


def options_from(variable: Variable, texts: Iterable[str]) -> tuple[Option, ...]:
    """Texts as options: those that the variable's pattern keeps, or what it captures of them, each once."""
    options = (option for text in texts for option in _kept(text, variable.regex))
    found = {option.value: option for option in options if option.value}
    return tuple(_sorted(list(found.values()), variable.sort)[:MOST_OPTIONS])


def offered(variable: Variable, options: Sequence[Option]) -> tuple[Option, ...]:
    """What can be chosen for a variable: its options, before them "All" and "auto" where it has them."""
    before = [Option("All", ALL)] if variable.include_all else []
    before += [Option("auto", f"$__auto_interval_{variable.name}")] if variable.auto else []
    return (*before, *options)


def still_chosen(variable: Variable, chosen: Sequence[str], options: Sequence[Option]) -> tuple[str, ...]:
    """What stays chosen once the options are known: what is among them, or all, or the first one."""
    if variable.kind in (VariableKind.TEXTBOX, VariableKind.ADHOC, VariableKind.DATASOURCE):
        return tuple(chosen)
    values = {option.value for option in offered(variable, options)}
    kept = tuple(value for value in chosen if value in values)
    if kept:
        return (ALL,) if ALL in kept else kept if variable.multi else kept[:1]
    first = next(iter(offered(variable, options)), None)
    return () if first is None else (first.value,)


def _seen(selector: str | None, over: str) -> str:
    """A selector's series that had a sample in the window; other expressions as they are."""
    text = (selector or "").strip()
    if not text or text.replace(" ", "") == "{}":
        return ""
    return f"last_over_time({text}[{over}])" if _is_selector(text) else text


def _is_selector(text: str) -> bool:
    try:
        found = parse(text)
    except QueryError:
        return False
    return (
        isinstance(found, VectorSelector) and not text.endswith(")") and " offset " not in text and "@" not in text
    )


def _results(answer: Answer) -> Iterable[str]:
    """As Grafana writes results, for patterns to pick them apart: `up{job="a"} 1 1700000000000`."""
    for sample in answer.samples:
        labels = ",".join(f'{name}="{value}"' for name, value in sample.labels if name != NAME)
        yield f"{value_of(sample.labels, NAME)}{{{labels}}} {_number(sample.value)} 0"


def _number(value: float) -> str:
    return str(int(value)) if math.isfinite(value) and value == int(value) and abs(value) < 1e15 else str(value)


def _kept(text: str, regex: str) -> Iterable[Option]:
    """What a pattern makes of a text: itself, what it captures, or nothing where it does not match."""
    if not regex:
        return [Option(text, text)]
    found = pattern(regex)
    if found is None:
        return []
    matches = (
        list(found.finditer(text)) if is_global(regex) else [match for match in [found.search(text)] if match]
    )
    if not matches:
        return []
    named = {name: each for match in matches for name, each in match.groupdict().items() if each}
    if "value" in named or "text" in named:
        value = named.get("value") or named["text"]
        return [Option(named.get("text") or value, value)]
    captured = [match for match in matches if match.groups()]
    if not captured:
        return [Option(text, text)]
    chosen: list[Any] = captured if len(matches) > 1 else captured[:1]
    return [Option(match[1], match[1]) for match in chosen if match[1]]


def _sorted(options: list[Option], sort: Sort) -> list[Option]:
    if not sort.by:
        return options
    orders = {
        "text": lambda option: option.text,
        "folded": lambda option: option.text.lower(),
        "number": _first_number,
        "natural": _natural,
    }
    return sorted(options, key=orders[sort.by], reverse=sort.descending)


def _first_number(option: Option) -> int:
    found = _NUMBER.search(option.text)
    return int(found[1]) if found else -1


def _natural(option: Option) -> list[tuple[int, str]]:
    return [(int(digits) if digits else -1, other.lower()) for digits, other in _RUNS.findall(option.text)]
