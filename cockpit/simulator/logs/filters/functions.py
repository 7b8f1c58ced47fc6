"""The query language's functions: log_id, SEARCH, sample and ip_in_net."""

from __future__ import annotations

import ipaddress
import re
import zlib
from collections.abc import Callable, Iterable
from typing import TypeAlias
from urllib.parse import unquote

from cockpit.simulator.logs.filters.comparisons import LiteralError
from cockpit.simulator.logs.filters.fields import Field, Kind, resolve, texts
from cockpit.simulator.logs.filters.syntax import Call, Member
from cockpit.simulator.logs.messages import LogEntry

Matches: TypeAlias = Callable[[LogEntry], bool]


def call(node: Call) -> Matches:
    """The predicate of one call. Raises LiteralError and UnknownFieldError."""
    function = _FUNCTIONS.get(node.name.casefold())
    if function is None:
        raise LiteralError(f"unknown function '{node.name}'; there are {', '.join(sorted(_FUNCTIONS))}")
    return function(node.arguments)


def values_of(field: Field, entry: LogEntry) -> list[object]:
    """The values a field has in an entry, none when it is missing."""
    found = field.read(entry)
    if isinstance(found, list):
        return found
    return [] if found is None else [found]


def _arguments(name: str, given: tuple[Member, ...], *counts: int) -> tuple[Member, ...]:
    if len(given) not in counts:
        raise LiteralError(f"{name} takes {' or '.join(map(str, counts))} arguments, not {len(given)}")
    return given


def _log_id(given: tuple[Member, ...]) -> Matches:
    (wanted,) = _arguments("log_id", given, 1)
    suffix = wanted.value.text.casefold()
    return lambda entry: unquote(entry.log_name.partition("/logs/")[2]).casefold() == suffix


def _sample(given: tuple[Member, ...]) -> Matches:
    """The share is taken by a hash of the field, so that one value is either always or never in the sample."""
    member, share = _arguments("sample", given, 2)
    field = resolve(member.path)
    try:
        bound = float(share.value.text) * 2**32
    except ValueError:
        raise LiteralError(f"'{share.value.text}' is not a fraction between 0 and 1") from None
    return lambda entry: any(zlib.crc32(str(value).encode()) < bound for value in values_of(field, entry))


def _ip_in_net(given: tuple[Member, ...]) -> Matches:
    member, network = _arguments("ip_in_net", given, 2)
    field = resolve(member.path)
    try:
        net = ipaddress.ip_network(network.value.text, strict=False)
    except ValueError as error:
        raise LiteralError(str(error)) from None

    def inside(value: object) -> bool:
        try:
            return ipaddress.ip_address(str(value)) in net
        except ValueError:
            return False

    return lambda entry: any(inside(value) for value in values_of(field, entry))


_DELIMITERS = re.compile(r"""[\[\]<>(){}|!;,'"*&?+/:=@.\-$%\\_\s]+""")


def _words(text: str) -> list[str]:
    """The words that the text index keeps: lower case, split at punctuation."""
    return [word for word in _DELIMITERS.split(text.casefold()) if word]


def _search(given: tuple[Member, ...]) -> Matches:
    """`SEARCH(query)` or `SEARCH(field, query)`: every word is there, each `phrase` in backticks in one piece."""
    *member, query = _arguments("SEARCH", given, 1, 2)
    plain = re.sub(r"`[^`]*`", " ", query.value.text)
    wanted = frozenset(_words(plain))
    phrases = [_words(phrase) for phrase in re.findall(r"`([^`]*)`", query.value.text)]
    if not wanted and not phrases:
        raise LiteralError("SEARCH needs a word to search for")
    if not member:
        return lambda entry: _holds(texts(entry), wanted, phrases)
    field = resolve(member[0].path)
    if field.kind not in (Kind.TEXT, Kind.JSON, Kind.MESSAGE):
        raise LiteralError("SEARCH needs a text field")
    return lambda entry: _holds(map(str, values_of(field, entry)), wanted, phrases)


def _holds(sources: Iterable[str], wanted: frozenset[str], phrases: list[list[str]]) -> bool:
    found = [_words(text) for text in sources]
    if not wanted <= {word for words in found for word in words}:
        return False
    return all(any(_contains(words, phrase) for words in found) for phrase in phrases)


def _contains(words: list[str], phrase: list[str]) -> bool:
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))


_FUNCTIONS: dict[str, Callable[[tuple[Member, ...]], Matches]] = {
    "ip_in_net": _ip_in_net,
    "log_id": _log_id,
    "sample": _sample,
    "search": _search,
}
