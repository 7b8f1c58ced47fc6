"""The rows in an answer, one by one: what can be used of each, and what not and why."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cockpit.sources.errors import UnreadableError
from cockpit.sources.timelines.shape import Finding, Flaw, Row
from cockpit.text import clean, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cockpit.sources.timelines.shape import Shape

_MILLISECONDS_FROM = 1e11
"""From here on a number is milliseconds: as seconds it would lie beyond the year 5000."""
_FARTHEST = 253_402_300_799.0
"""The last second of the year 9999, in epoch seconds: calendars end there."""
_NAMED = 3
"""Rows that a finding names; how many more there are is counted."""
_LONGEST = 40
"""Characters of something odd that are quoted."""
_FIELDS_SHOWN = 6

_NOT_JSON = "check the path; a login page answers 200, too"
_LIST = "name the field that holds the list as `rows` under [[app.timelines]] in config.toml"
_FIELDS = "name the fields as they are under [[app.timelines]] in config.toml"
_NUMBER, _TIME = "a number", "a date or time"


class Numbered(NamedTuple):
    """A row with its number in the answer, from 1."""

    number: int
    row: Row


class _Misfit(NamedTuple):
    """What is wrong with a row or a field of it: `what` in words that others may share, and what stands there."""

    what: str
    quoted: str = ""


def list_in(body: bytes, path: str) -> list[Any]:
    """The list at a dotted path of an answer. Raises UnreadableError."""
    found = _decoded(body)
    for part in filter(None, path.split(".")):
        if not isinstance(found, dict) or part not in found:
            raise UnreadableError(f"the answer has no field {path!r}{_fields(found)}", _LIST)
        found = found[part]
    if not isinstance(found, list):
        where = f"field {path!r} of the answer" if path else "the answer"
        kind, _ = _kind(found)
        raise UnreadableError(f"{where} is {kind}, not a list of rows{_fields(found)}", _LIST)
    return found


def rows_of(found: Sequence[Any], shape: Shape) -> tuple[list[Numbered], list[Finding]]:
    """The rows that have a moment, and one finding for each way in which others, or their values, are unfit."""
    numbered: list[Numbered] = []
    unfit: dict[str, list[tuple[int, str]]] = {}
    for number, each in enumerate(found, start=1):
        at, misfits = _moment_of(each, shape.time)
        if at is not None:
            numbered.append(Numbered(number, Row(at, tuple(_values(each, shape.values, misfits)))))
        for misfit in misfits:
            unfit.setdefault(misfit.what, []).append((number, misfit.quoted))
    return numbered, [_finding(what, places, len(found)) for what, places in unfit.items()]


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError) as error:  # msgspec's errors are among the first, depth is the second's
        start = shorten(clean(" ".join(body[:200].decode("utf-8", "replace").split())), _LONGEST)
        what = f"{_reason(error)}, it begins with “{start}”" if start else "it is empty"
        raise UnreadableError(f"the answer is not JSON: {what}", _NOT_JSON) from error


def _reason(error: Exception) -> str:
    """msgspec's "JSON is malformed: invalid character (byte 0)" without what is said already."""
    said = "too deep" if isinstance(error, RecursionError) else str(error).partition(": ")[2] or str(error)
    return shorten(clean(said), _LONGEST)


def _fields(value: Any) -> str:
    """The fields there are, as "; it has a, b"."""
    names = [shorten(clean(name), _LONGEST) for name in list(value)[:_FIELDS_SHOWN]] if _is_object(value) else []
    return f"; it has {', '.join(names)}" if names else ""


def _moment_of(each: Any, name: str) -> tuple[float | None, list[_Misfit]]:
    """The moment of a row, or why it has none."""
    if not _is_object(each):
        kind, quoted = _kind(each)
        return None, [_Misfit(f"{kind} in place of a row", quoted)]
    if name not in each:
        return None, [_Misfit(f"no {clean(name)}")]
    at = _moment(each[name])
    return at, [_misfit(name, each[name], _TIME)] if at is None else []


def _values(each: Mapping[str, Any], names: Sequence[str], misfits: list[_Misfit]) -> Iterator[float | None]:
    """The values of a row; what is none is kept in `misfits`."""
    for name in names:
        value = _number(each.get(name))
        if value is None:
            misfits.append(_misfit(name, each[name], _NUMBER) if name in each else _Misfit(f"no {clean(name)}"))
        yield value


def _misfit(name: str, value: Any, wanted: str) -> _Misfit:
    kind, quoted = _kind(value)
    return _Misfit(f"{clean(name)} is {kind}, not {wanted}", quoted)


def _number(value: Any) -> float | None:
    """A finite number; None for anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def _moment(value: Any) -> float | None:
    """A date, RFC 3339, or a number of seconds or milliseconds, as epoch seconds; None for what is neither."""
    at = _written(value) if isinstance(value, str) else _number(value)
    if at is not None and not isinstance(value, str) and at >= _MILLISECONDS_FROM:
        at /= 1000
    return at if at is not None and 0 <= at <= _FARTHEST else None


def _written(text: str) -> float | None:
    """A moment as text; without a zone it is meant in UTC."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _kind(value: Any) -> tuple[str, str]:
    """What a value is, in words, and the beginning of it where it is worth a look."""
    match value:
        case None:
            return "null", ""
        case bool():
            return "true or false", ""
        case str():
            return "text", f"“{shorten(clean(value[:200]), _LONGEST)}”"
        case dict():
            return "an object", ""
        case list():
            return "a list", ""
    return ("a number", str(value)) if _number(value) is not None else ("too large", "")


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _finding(what: str, places: Sequence[tuple[int, str]], count: int) -> Finding:
    """One way in which rows are unfit, with the first of them."""
    quoted = next((quote for _, quote in places if quote), "")
    return Finding(Flaw.WRONG_TYPE, f"{what}{f', {quoted}' if quoted else ''}: {_rows(places, count)}", _FIELDS)


def _rows(places: Sequence[tuple[int, str]], count: int) -> str:
    if len(places) == count:
        return f"all {count} rows" if count > 1 else "the only row"
    named = ", ".join(str(number) for number, _ in places[:_NAMED])
    more = len(places) - _NAMED
    return f"row{'s' if len(places) > 1 else ''} {named}{f' and {more} more' if more > 0 else ''} of {count}"
