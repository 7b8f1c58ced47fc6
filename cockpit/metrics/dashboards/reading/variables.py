"""Template variables, as `templating.list` has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.model import ALL, Hide, Option, Sort, Variable, VariableKind
from cockpit.metrics.dashboards.reading.sources import lacking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cockpit.metrics.dashboards.reading.parts import Part
    from cockpit.metrics.dashboards.reading.sources import Sources

MOST_VARIABLES = 200
_MOST_OPTIONS = 10_000
_KINDS = {kind.value: kind for kind in VariableKind} | {"switch": VariableKind.CUSTOM}
_SORTS = ("", "text", "text", "number", "number", "folded", "folded", "natural", "natural")
"""What Grafana's numbers mean; the even ones descend."""
_PIECE = re.compile(r"(?:\\.|[^,\\])+", re.DOTALL)
_NAMED = re.compile(r"^(.*?)\s:\s(.*)$", re.DOTALL)
_QUOTED = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([^,]+))\s*(?:,|$)""")


def read_variables(root: Part, sources: Sources) -> tuple[Variable, ...]:
    """All variables, in the order they depend on one another."""
    found: dict[str, Variable] = {}
    for part in root["templating"].objects("list"):
        variable = _variable(part, sources)
        if len(found) >= MOST_VARIABLES:
            message = f"more than {MOST_VARIABLES} variables; the rest is not read"
            part.notes.add(part.place, message, "make two dashboards")
            break
        if not variable.name:
            part.notes.add(part.place, "a variable without a name", "give it one")
        elif variable.name in found:
            part.notes.add(part.place, f"the variable {variable.name!r} is in this file already", "rename one")
        else:
            found[variable.name] = variable
    return tuple(found.values())


def split_custom(query: str) -> tuple[Option, ...]:
    """The options of a custom variable: `one, two : 2, with\\, comma`."""
    options = []
    for piece in _PIECE.findall(query)[:_MOST_OPTIONS]:
        text = piece.replace("\\,", ",").strip()
        named = _NAMED.match(text)
        if text:
            options.append(Option(named[1].strip(), named[2].strip()) if named else Option(text, text))
    return tuple(options)


def _variable(part: Part, sources: Sources) -> Variable:
    kind = _KINDS.get(part.text("type") or "query")
    query = _query(part)
    current = _current(part["current"])
    options = _OPTIONS[kind](part, query) if kind in _OPTIONS else ()
    if kind is VariableKind.CONSTANT:
        named = query.strip("${}")
        options = (
            (Option(value := sources.constants.get(named, query), value),) if query.startswith("$") else options
        )
        current = tuple(option.value for option in options)
    elif kind is VariableKind.TEXTBOX and not current:
        current = (query,)
    elif not current and options:
        current = (options[0].value,)
    return Variable(
        name=part.text("name"),
        kind=kind or VariableKind.CUSTOM,
        label=part.text("label"),
        query=query,
        options=options,
        current=current,
        multi=part.flag("multi"),
        include_all=part.flag("includeAll"),
        all_value=part.text("allValue"),
        regex=part.text("regex"),
        sort=_sort(part),
        hide=Hide(part.whole("hide", 0, most=2)),
        auto=part.whole("auto_count", 30, least=1, most=1000) if part.flag("auto") else 0,
        auto_min=part.text("auto_min") or "10s",
        missing=_missing(part, kind, sources),
        description=part.text("description"),
    )


def _missing(part: Part, kind: VariableKind | None, sources: Sources) -> str:
    if kind is None:
        return f"variables of type {part.text('type')}"
    if kind is VariableKind.ADHOC:
        return "filters that are put into every question" if any(part.objects("filters")) else ""
    if kind is VariableKind.QUERY:
        return sources.missing(part["datasource"])
    if kind is VariableKind.DATASOURCE:
        return lacking(part.text("query"))
    return ""


def _query(part: Part) -> str:
    """The query as text; newer versions wrap it in an object, or leave it in `definition` alone."""
    query = part["query"]
    if isinstance(query.value, dict):
        return query.text("query") or query.text("expr") or part.text("definition")
    return query.text() or part.text("definition")


def _current(part: Part) -> tuple[str, ...]:
    """The values that were chosen; before they had values of their own, `$__all` was the text "All"."""
    if not isinstance(part.value, dict):
        return ()
    values = part.texts("value")
    if not values:
        values = tuple(ALL if text == "All" else text for text in part.texts("text"))
    return tuple(value for value in values if value)


def _sort(part: Part) -> Sort:
    number = part.whole("sort", 0, most=len(_SORTS) - 1)
    return Sort(_SORTS[number], number > 0 and number % 2 == 0)


def _custom(part: Part, query: str) -> tuple[Option, ...]:
    if part.text("type") == "switch":
        values = (part.text("enabledValue", "true"), part.text("disabledValue", "false"))
        return tuple(Option(value, value) for value in values)
    return split_custom(query) or tuple(_saved(part))


def _intervals(_part: Part, query: str) -> tuple[Option, ...]:
    words = [next(filter(None, groups), "").strip() for groups in _QUOTED.findall(query)[:_MOST_OPTIONS]]
    return tuple(Option(word, word) for word in words if word)


def _constant(_part: Part, query: str) -> tuple[Option, ...]:
    return (Option(query, query),)


def _known(part: Part, _query: str) -> tuple[Option, ...]:
    """What a query came to when the file was saved, which stands until it is asked anew."""
    return tuple(_saved(part))


def _saved(part: Part) -> Iterator[Option]:
    for at, each in enumerate(part.objects("options")):
        value = each.text("value")
        if at < _MOST_OPTIONS and value != ALL:
            yield Option(each.text("text") or value, value)


_OPTIONS: dict[VariableKind | None, Callable[[Part, str], tuple[Option, ...]]] = {
    VariableKind.CUSTOM: _custom,
    VariableKind.INTERVAL: _intervals,
    VariableKind.CONSTANT: _constant,
    VariableKind.QUERY: _known,
}
