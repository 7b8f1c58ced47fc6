"""What an answer to a health check says about the health."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cockpit.live.app.picture import Health
from cockpit.live.problems import problem_of
from cockpit.sources.calling import REFUSALS
from cockpit.sources.errors import (
    InvalidError,
    RedirectedError,
    SourceError,
    TooSlowError,
    UnauthenticatedError,
)
from cockpit.text import clean, duration, shorten

if TYPE_CHECKING:
    from cockpit.sources.app import Answer

_NOT_HEALTH = (UnauthenticatedError, RedirectedError, InvalidError)
"""Errors that say nothing of the application: who asks, or how, stands in the way."""
NOTHING_THERE = (404, 410)
"""Answers of an application that has no such path."""
_LOOKED_AT = 64 * 1024
"""Characters of a body that are looked through."""
_LONGEST = 60

_HEADERS = "give it the header it wants: [app.headers] in config.toml"
_PATHS = "name the paths that it has: [[app.health.checks]] in config.toml"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a good answer is: a status from `first` to `last`, and a body that says what it should.

    `field` is a dotted path in its JSON whose value equals `equals`; or `text` is in it, or what `regex` (RE2)
    finds. Without any of the three the body is not looked at.
    """

    first: int = 200
    last: int = 299
    field: str = ""
    equals: str | int | float | bool | None = None
    text: str = ""
    regex: str = ""

    @property
    def status(self) -> str:
        """The status in words."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


class Verdict(NamedTuple):
    """How the health is, why in one line of clean text where it is not ok, and what to do about it."""

    health: Health
    why: str = ""
    mend: str = ""


def of_answer(answer: Answer, expected: Expected, slow: float, *, there: bool, again: bool) -> Verdict:
    """What an answer says. `there` is whether the path is known to be one that the application has.

    One that takes longer than `slow` seconds is degraded where the one before was late as well, which is `again`:
    a single one may have had an instance to start.
    """
    status = answer.status
    if not expected.first <= status <= expected.last:
        if status in REFUSALS:
            return Verdict(Health.UNKNOWN, f"it answers {status}: nobody may look", _HEADERS)
        if status in NOTHING_THERE and not there:
            return Verdict(Health.UNKNOWN, f"nothing there ({status})", _PATHS)
        return Verdict(Health.FAILING, f"it answers {status}, not {expected.status}", "its logs tell more")
    if why := _amiss(answer.content, expected):
        return Verdict(Health.DEGRADED, why, "its logs tell more")
    if answer.seconds > slow and again:
        return Verdict(Health.DEGRADED, f"slow: {duration(answer.seconds)}, more than {duration(slow)}")
    return Verdict(Health.OK)


def of_error(error: SourceError, *, again: bool) -> Verdict:
    """What it says that there is no answer; `again` is as for one that is slow."""
    problem = problem_of(error)
    health = Health.UNKNOWN if isinstance(error, _NOT_HEALTH) else Health.FAILING
    if isinstance(error, TooSlowError) and not again:
        health = Health.DEGRADED
    return Verdict(health, clean(problem.text), clean(problem.mend))


def _amiss(content: bytes, expected: Expected) -> str:
    """What is wrong with a body, "" where nothing is."""
    if expected.field:
        return _field_amiss(content, expected)
    text = content.decode("utf-8", "replace")[:_LOOKED_AT]
    if expected.text and expected.text not in text:
        return f"the answer lacks “{_quoted(expected.text)}”"
    if expected.regex:
        import re2

        if not re2.search(expected.regex, text):
            return f"nothing in the answer matches /{_quoted(expected.regex)}/"
    return ""


def _field_amiss(content: bytes, expected: Expected) -> str:
    try:
        found = msgspec.json.decode(content)
    except (ValueError, RecursionError):  # msgspec's errors are among the first, depth is the second's
        return "the answer is not JSON"
    name = _quoted(expected.field)
    for part in expected.field.split("."):
        if not isinstance(found, dict) or part not in found:
            return f"the answer has no field {name}"
        found = found[part]
    if _same(found, expected.equals):
        return ""
    return f"{name} is {_json(found)}, not {_json(expected.equals)}"


def _same(found: Any, wanted: str | int | float | bool | None) -> bool:
    """Whether two values of JSON are equal: in Python true is 1 as well."""
    return isinstance(found, bool) == isinstance(wanted, bool) and bool(found == wanted)


def _json(value: Any) -> str:
    return _quoted(msgspec.json.encode(value).decode())


def _quoted(text: str) -> str:
    return shorten(clean(text[: 4 * _LONGEST]), _LONGEST)
