"""A request as text: "PATH?QUERY ORIGIN", and behind two spaces what else was said of it."""

from __future__ import annotations

import re
from functools import lru_cache

_HOST_BEGINS = len("https://")
NO_PATH = "-"
MOST_METHOD = 32
MOST_STATUS = 999
LONGEST_LATENCY = 1e9
"""Seconds, 31 years."""


def line(url: str, origin: str, said: str = "") -> str:
    """The text of a request: of the URL what stands behind the host, the caller's address, and what was said.

    A URL without a host is taken as it is, spaces in it escaped: the first one ends the path.
    """
    if url[:1] != "/" and "://" in url:
        at = url.find("/", _HOST_BEGINS)
        url = url[at:] if at > 0 else "/"
    path = url.replace(" ", "%20") if url else NO_PATH
    text = f"{path} {origin}" if origin else path
    return f"{text}  {said}" if said else text


def path_of(text: str) -> str:
    """The path of a request's text, with its query."""
    return text.partition(" ")[0]


def fold(path: str) -> str:
    """The endpoint that a path is of: without the query, and with names in place of what differs call by call.

    "/users/12345/app.8f3a1c.js?x=1" is "/users/{id}/app.{hash}.js"; there are {uuid} and {date}, too. Versions,
    years, and words that only look like hexadecimal digits ("facade") stay.
    """
    return _folded(_END.split(path[:_MOST_PATH], maxsplit=1)[0])


_MOST_PATH = 512
_END = re.compile("[?#;]")
_VARYING = re.compile(
    r"""(?<![A-Za-z0-9])(?:
      (?P<uuid>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})
    | (?P<date>(?:19|20)\d\d-\d\d-\d\d)
    | (?P<version>\d+(?:\.\d+){2,})
    | (?P<number>\d+)
    | (?P<word>[a-z0-9]+)
    )(?![A-Za-z0-9])""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_RUNS = re.compile(r"\{hash\}(?:[-_=~]+\{(?:hash|id)\})+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED = re.compile(r"([A-Za-z]+)\d{5,}", re.ASCII)
_HEXADECIMAL = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{6,}|[0-9a-f]{16,}", re.IGNORECASE)
_KINDS = re.compile("[a-z]+|[A-Z]+|[0-9]+")
_LONG_NUMBER = 5
_SHORTEST_KEY, _LONG_KEY = 8, 16


@lru_cache(maxsize=1 << 13)
def _folded(path: str) -> str:
    return _RUNS.sub("{hash}", _VARYING.sub(_named, path))


def _named(match: re.Match[str]) -> str:
    """What stands for one part of a path: a name in braces, or the part itself."""
    kind, part = match.lastgroup, match[0]
    if kind in {"uuid", "date"}:
        return f"{{{kind}}}"
    if kind == "number":
        return "{id}" if _is_id(match) else part
    if kind == "version":
        return part
    counted = _COUNTED.fullmatch(part)
    if counted is not None and len(part) < _LONG_KEY:
        return f"{counted[1]}{{id}}"
    return "{hash}" if _is_key(part) else part


def _is_id(number: re.Match[str]) -> bool:
    """Whether a number names one thing of many: alone, a long one, or one at the end ("order-12", "12.pdf")."""
    before, after = number.string[: number.start()][-1:], number.string[number.end() :][:1]
    if before in {"", "/"} and after in {"", "/"}:
        return True
    if _YEAR.fullmatch(number[0]):
        return False
    return len(number[0]) >= _LONG_NUMBER or after in {"", "/", "."}


def _is_key(part: str) -> bool:
    """Whether a part was made by chance: hexadecimal digits, or letters and digits that change all the time."""
    if _HEXADECIMAL.fullmatch(part):
        return True
    if len(part) < _SHORTEST_KEY or part.isalpha():
        return False
    changes = len(_KINDS.findall(part)) - 1
    return changes >= len(part) * (0.25 if len(part) >= _LONG_KEY else 0.4)
