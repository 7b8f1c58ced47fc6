"""Variables put into texts and expressions: `$name`, `${name}`, `${name:format}`, `[[name]]`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.formats import as_pattern, as_text, in_string, written
from cockpit.metrics.dashboards.model import ALL, Option

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cockpit.metrics.dashboards.model import Scope, Variable

LONGEST = 100_000
"""Characters of a text with its variables put in: a variable of a thousand values in it many times has no end."""

# The lengths keep a text of nothing but beginnings of references from being looked through again for each of them.
_REFERENCE = (
    r"\$(\w+)|\[\[(\w{1,200}?)(?::(\w{1,200}))?\]\]|\$\{(\w{1,200})(?:\.[^:}]{1,200})?(?::([^}]{1,200}))?\}"
)
_LONGEST_LIST = 8_000
"""Characters of all options in one expression, which may have a few times as many."""
_MARKS = ('"', "'", "`")
_TEXT = re.compile(_REFERENCE)
_PROMQL = re.compile(rf"{_REFERENCE}|\\[\\\"'`]|[\"'`#]")


@dataclass(frozen=True, slots=True)
class Bound:
    """What a variable is. Where it may have several values they are meant for PromQL's `=~`, and escaped for it;
    `verbatim` ones are put in as they are. `text` is what people read, "" for that of the options."""

    options: tuple[Option, ...]
    several: bool = False
    verbatim: bool = False
    text: str = ""


Bindings = Mapping[str, Bound]
"""What each variable is, by its name."""


def bindings(
    variables: Iterable[Variable],
    chosen: Mapping[str, Sequence[str]],
    options: Mapping[str, Sequence[Option]],
    scope: Scope = (),
) -> dict[str, Bound]:
    """What variables are: with the values that are `chosen` for them, out of the `options` that were asked for, or
    what the dashboard was saved with. Inside a repeated panel or row `scope` goes before."""
    found = {each.name: _bound(each, chosen.get(each.name), options.get(each.name)) for each in variables}
    for name, option in scope:
        found[name] = Bound((option,), several=found[name].several if name in found else False)
    return found


def verbatim(values: Mapping[str, str]) -> dict[str, Bound]:
    """Names that stand for these texts."""
    return {name: Bound((Option(value, value),), verbatim=True) for name, value in values.items()}


def interpolated(text: str, known: Bindings) -> str:
    """A title or a text with its variables put in, as people read them."""
    pieces, place, size = [], 0, 0
    for match in _TEXT.finditer(text):
        pieces += [text[place : match.start()], _in_text(match, known)]
        place, size = match.end(), size + len(pieces[-1])
        if size > LONGEST:
            break
    return "".join((*pieces, text[place:]))[:LONGEST]


def expression(template: str, known: Bindings) -> str:
    """An expression of PromQL with its variables put in; those nobody knows stand as they are.

    Inside strings they are escaped for the string, and where they may have several values for regular expressions
    too; outside they are put in as they are: a metric's name, a duration, an operator.
    """
    pieces: list[str] = []
    mark, place, size = "", 0, 0
    while size <= LONGEST and (match := _PROMQL.search(template, place)):
        pieces.append(template[place : match.start()])
        found = match[0]
        if found == "#" and not mark:
            found = _comment(template, match.start())
        elif found[0] == "\\" and mark == "`":
            found = "\\"
        place = match.start() + len(found)
        if found in _MARKS:
            mark = found if not mark else "" if mark == found else mark
        pieces.append(_in_promql(match, known, mark) if _name(match) else found)
        size += len(pieces[-1])
    return "".join((*pieces, template[place:]))[:LONGEST]


def _comment(template: str, start: int) -> str:
    """A comment, up to the end of its line."""
    end = template.find("\n", start)
    return template[start : end if end >= 0 else len(template)]


def references(text: str) -> tuple[str, ...]:
    """The names of the variables in a text, each once; `$1`, which is a group of a pattern, is none."""
    names = (_name(match) for match in _TEXT.finditer(text))
    return tuple(dict.fromkeys(name for name in names if not name[0].isdigit()))


def _bound(variable: Variable, chosen: Sequence[str] | None, options: Sequence[Option] | None) -> Bound:
    values = variable.current if chosen is None else tuple(chosen)
    known = variable.options if options is None else tuple(options)
    several = variable.multi or variable.include_all
    if ALL in values:
        return _all(variable, known, several=several)
    texts = {option.value: option.text for option in known}
    return Bound(tuple(Option(texts.get(value, value), value) for value in values), several)


def _all(variable: Variable, known: tuple[Option, ...], *, several: bool) -> Bound:
    """All options. Without any, as long as nobody was asked for them, everything is meant; and so it is where they
    are too many to be named, unless a pattern chose them."""
    pattern = variable.all_value or ("" if known else ".*")
    if not pattern and not variable.regex and sum(len(option.value) + 1 for option in known) > _LONGEST_LIST:
        pattern = ".+"
    if pattern:
        return Bound((Option("All", pattern),), several, verbatim=True)
    return Bound(known, several, text="All")


def _name(match: re.Match[str]) -> str:
    return match[1] or match[2] or match[4] or ""


def _form(match: re.Match[str]) -> str:
    return match[3] or match[5] or ""


def _in_text(match: re.Match[str], known: Bindings) -> str:
    bound = known.get(_name(match))
    if bound is None:
        return match[0]
    form = _form(match)
    return written(_name(match), bound.options, form) if form else bound.text or as_text(bound.options)


def _in_promql(match: re.Match[str], known: Bindings, mark: str) -> str:
    name, form = _name(match), _form(match)
    bound = known.get(name)
    if bound is None:
        return match[0]
    if form and not (bound.verbatim and form in ("regex", "pipe")):
        return written(name, bound.options, form)
    if bound.verbatim or not mark:
        return "|".join(option.value for option in bound.options)
    if not bound.options:
        return ""
    text = as_pattern(bound.options) if bound.several else ",".join(option.value for option in bound.options)
    return in_string(text, mark)
