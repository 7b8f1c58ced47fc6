"""What templates can call: Go's own functions, and those that Prometheus adds."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import re2

from cockpit.metrics.rules.templates import numbers
from cockpit.metrics.rules.templates.syntax import TemplateError

_VERB = re.compile(r"%(?P<how>[-+ #0]*\d{0,3}(?:\.\d{0,3})?)(?P<verb>[a-zA-Z%])")
_GROUP = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_WORD_START = re.compile(r"(?<![\w'])\w")


@dataclass(frozen=True, slots=True)
class Function:
    """A function and how many arguments it takes; `most` is None for any number."""

    call: Callable[..., Any]
    least: int
    most: int | None


def shown(value: object) -> str:
    """A value as a template writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return numbers.written(value)
        case Mapping():
            return f"map[{' '.join(f'{name}:{value[name]}' for name in sorted(value))}]"
        case None:
            return "<no value>"
        case _:
            return str(value)


def true(value: object) -> bool:
    """Whether `if` takes a value for true: anything but zero, false, nothing and what is empty."""
    return bool(value)


def call(name: str, arguments: Sequence[object]) -> object:
    """Call a function. Raises TemplateError."""
    function = FUNCTIONS.get(name)
    if function is None:
        raise TemplateError(f"there is no function {name}")
    if len(arguments) < function.least or (function.most is not None and len(arguments) > function.most):
        raise TemplateError(f"{name} does not take {len(arguments)} arguments")
    return function.call(*arguments)


def _printf(form: object, *values: object) -> str:
    left = list(values)

    def filled(verb: re.Match[str]) -> str:
        if verb["verb"] == "%":
            return "%"
        if not left:
            return f"%!{verb['verb']}(MISSING)"
        return _verb(verb["how"], verb["verb"], left.pop(0))

    text = _VERB.sub(filled, shown(form))
    return text + (f"%!(EXTRA {', '.join(shown(value) for value in left)})" if left else "")


def _verb(how: str, verb: str, value: object) -> str:
    """One value by one verb; a mismatch shows as Go shows it, `%!d(1.5)`."""
    if verb in "vs" and not (verb == "s" and isinstance(value, (int, float))):
        return f"%{how}s" % shown(value)
    if verb == "q" and isinstance(value, str):
        return f"%{how}s" % json.dumps(value, ensure_ascii=False)
    if verb == "t" and isinstance(value, bool):
        return f"%{how}s" % shown(value)
    whole, floating = isinstance(value, int) and not isinstance(value, bool), isinstance(value, float)
    if (verb in "dxXo" and whole) or (verb in "eEfFgG" and floating):
        # Go's %g is the shortest form where no precision is asked for, Python's has six digits.
        return f"%{how}s" % shown(value) if verb in "gG" and "." not in how else f"%{how}{verb}" % value
    return f"%!{verb}({shown(value)})"


def _title(text: object) -> str:
    return _WORD_START.sub(lambda found: found[0].upper(), shown(text))


def _regex(pattern: object) -> Any:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(shown(pattern), options)
    except re2.error:
        raise TemplateError(f"{shown(pattern)!r} is not a regular expression") from None


def _match(pattern: object, text: object) -> bool:
    return _regex(pattern).search(shown(text)) is not None


def _replace_all(pattern: object, replacement: object, text: object) -> str:
    """Go's ReplaceAllString: `$1`, `${1}` and `${name}` are groups, one that is not there is empty.

    Other than Python, Go passes over an empty match right behind another: `(.*)` matches a text once.
    """
    names, whole = _GROUP.split(shown(replacement)), shown(text)

    def replaced(found: Any) -> str:
        parts = [names[0].replace("$$", "$")]
        for braced, bare, literal in zip(names[1::3], names[2::3], names[3::3], strict=True):
            parts += [_group(found, braced or bare), literal.replace("$$", "$")]
        return "".join(parts)

    pieces, end = [], None
    for found in _regex(pattern).finditer(whole):
        if found.span() != (end, end):
            pieces += [whole[end or 0 : found.start()], replaced(found)]
            end = found.end()
    return "".join([*pieces, whole[end or 0 :]])


def _group(found: Any, name: str) -> str:
    try:
        return found.group(int(name) if name.isdecimal() else name) or ""
    except (IndexError, KeyError, ValueError):  # the last one: thousands of digits
        return ""


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    def compared(left: object, right: object) -> bool:
        numeric = [isinstance(each, (int, float)) and not isinstance(each, bool) for each in (left, right)]
        if all(numeric) or type(left) is type(right):
            return test(left, right)
        raise TemplateError(f"{shown(left)} and {shown(right)} are of different kinds and cannot be compared")

    return compared


def _equal(left: object, *others: object) -> bool:
    same = _compare(operator.eq)
    return any(same(left, other) for other in others)


def _index(whole: object, *keys: object) -> object:
    def step(inside: object, key: object) -> object:
        if isinstance(inside, Mapping):
            return inside.get(key, "")
        raise TemplateError(f"index: {shown(inside)} has no parts")

    return reduce(step, keys, whole)


def _length(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, Mapping):
        return len(value)
    raise TemplateError(f"len: {shown(value)} has no length")


def _strip_port(host: object) -> str:
    text = shown(host)
    found = re.fullmatch(r"\[([^\]]*)\]:\d*|([^:\[\]]*):\d*", text)
    return (found[1] or found[2] or "") if found else text


def _strip_domain(host: object) -> str:
    text = shown(host)
    name, colon, port = text.rpartition(":") if re.search(r":\d+$", text) else (text, "", "")
    if re.fullmatch(r"\[.*\]|[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*", name):
        return text
    return f"{name.partition('.')[0]}{colon}{port}"


def _and(*values: object) -> object:
    return next((value for value in values if not true(value)), values[-1])


def _or(*values: object) -> object:
    return next((value for value in values if true(value)), values[-1])


_ONE: dict[str, Callable[[Any], object]] = {
    "humanize": numbers.humanize,
    "humanize1024": numbers.humanize1024,
    "humanizeDuration": numbers.humanize_duration,
    "humanizePercentage": numbers.humanize_percentage,
    "humanizeTimestamp": numbers.humanize_timestamp,
    "len": _length,
    "not": lambda value: not true(value),
    "parseDuration": numbers.parse_duration,
    "stripDomain": _strip_domain,
    "stripPort": _strip_port,
    "title": _title,
    "toLower": lambda text: shown(text).lower(),
    "toUpper": lambda text: shown(text).upper(),
}

FUNCTIONS: Mapping[str, Function] = (
    {name: Function(function, 1, 1) for name, function in _ONE.items()}
    | {
        name: Function(_compare(test), 2, 2)
        for name, test in {
            "ne": operator.ne,
            "lt": operator.lt,
            "le": operator.le,
            "gt": operator.gt,
            "ge": operator.ge,
        }.items()
    }
    | {
        "and": Function(_and, 1, None),
        "eq": Function(_equal, 2, None),
        "externalURL": Function(lambda: "", 0, 0),
        "index": Function(_index, 1, None),
        "match": Function(_match, 2, 2),
        "or": Function(_or, 1, None),
        "pathPrefix": Function(lambda: "", 0, 0),
        "print": Function(lambda *values: "".join(map(shown, values)), 0, None),
        "printf": Function(_printf, 1, None),
        "println": Function(lambda *values: " ".join(map(shown, values)) + "\n", 0, None),
        "reReplaceAll": Function(_replace_all, 3, 3),
    }
)
