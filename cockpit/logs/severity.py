"""The level of an entry that names none: read from its text, where loggers of all languages put it."""

from __future__ import annotations

import re
from types import MappingProxyType

from cockpit.logs.entry import Severity

_WORDS = {
    Severity.DEBUG: "DEBUG DBUG DBG TRACE TRCE TRC VERBOSE FINE FINER FINEST",
    Severity.INFO: "INFO INF INFORMATION INFORMATIONAL LOG CONFIG",
    Severity.NOTICE: "NOTICE",
    Severity.WARNING: "WARNING WARN WRN",
    Severity.ERROR: "ERROR ERR FAIL SEVERE",
    Severity.CRITICAL: "CRITICAL CRIT FATAL FTL PANIC DPANIC",
    Severity.ALERT: "ALERT",
    Severity.EMERGENCY: "EMERGENCY EMERG",
}
LEVELS = MappingProxyType({word: level for level, words in _WORDS.items() for word in words.split()})
"""Levels by the names that loggers give them, in capitals."""

_LETTERS = MappingProxyType(
    {"D": Severity.DEBUG, "V": Severity.DEBUG, "I": Severity.INFO, "W": Severity.WARNING}
    | {"E": Severity.ERROR, "F": Severity.CRITICAL, "C": Severity.CRITICAL}
)
_SYSLOG = tuple(reversed(Severity))[:-1]
"""Syslog's severities 0 to 7 run from emergency to debug; all but DEFAULT are there."""

_TENS = (
    *(Severity.DEBUG, Severity.DEBUG, Severity.INFO),
    *(Severity.WARNING, Severity.ERROR, Severity.CRITICAL),
)
"""Bunyan's and Pino's levels 10 (trace), 20, 30 (info), 40, 50 (error) and 60."""

_HEAD = 160
_FIELD_HEAD = 1024

_ANY = "|".join(sorted(LEVELS, key=len, reverse=True))
_FIELD_NAMES = r"(?:level|lvl|severity|levelname|loglevel|log_level|log\.level)"

# What may stand before a level. Nothing of it is a word of a sentence.
_PREFIXES = (
    r"[A-Z][a-z][a-z]\s+\d{1,2}\s\d\d:\d\d:\d\d\s\S+\s[^\s:]+:(?=\s)",  # syslog: a date, a host, a program
    r"[\[(]?\d[\d:.,/TZ+-]*+[\])]?:?",  # a date, a time, the number of a process
    r"[+-]\d{4}\]?|(?:UTC|GMT|CES?T|[AP]M)[\])]?,?(?=\s)",  # a zone
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec),?(?=\s)",
    rf"\[(?!\s*(?:\w+:)?(?i:{_ANY})\s*\])(?:\d{{4}}-[^\s\]]+\s(?={_ANY})|[^\[\]]{{0,60}}\])",  # a thread, a time
    rf"\((?!\s*(?i:{_ANY})\s*\))[^()]{{0,60}}\)",
    r"[A-Za-z_$][\w$]*(?:[./:$-][\w$]+)+:?(?=\s)",  # a logger
    r"[A-Za-z_]\w*(?=\s[-|]\s)",  # a logger between dashes
    r"[-|:#*>]+|[A-Z],",
)
_HEADS = re.compile(
    rf"""
      <(?P<syslog>\d{{1,3}})>
    | (?P<letter>[IWEFDVC])(?:\d{{4}}\s\d\d:\d\d:\d\d|,\s\[\d{{4}}-)
    | (?P<failed>
        Traceback\ \(most\ recent | \s*\+\ Exception\ Group\ Traceback
      | panic:\s | fatal\ error:\s | goroutine\ \d+\ \[
      | Exception\ in\ thread\s | Caused\ by:\s | Un(?:handled|caught)\ (?i:\w*\s?(?:exception|error|rejection))
      | (?:[a-z_$][\w$]*[./])*+[A-Z]\w*(?:Error|Exception)(?::\s|:?$)
      )
    | (?P<warned>(?:\S+:\d+:\s|\(node:\d+\)\s(?:\[\w+\]\s)?)?(?:[A-Z]\w*)?Warning:\s)
    | (?>(?:(?!(?:\w+\.)?(?:{_ANY})[\s:\]|/]) (?:{"|".join(_PREFIXES)}) \s*+){{0,10}})
      (?: [\[(|<]? (?P<plain>{_ANY})(?=[\s:\]|/,(+)]|$)
        | [\[(<|]\s*(?:\w+:)?(?P<boxed>(?i:{_ANY}))\s*[\])>|]
        | [\w-]+\.(?P<dotted>{_ANY}):\s
        | (?:PHP\ )?(?P<titled>(?i:{_ANY}))(?:\ error)?:(?:\s|$|(?=\w+:))
      )
    """,
    re.VERBOSE,
)
_FIELD = re.compile(
    rf"""(?:"{_FIELD_NAMES}"\s*:\s*"?|(?:^|[\s,;]){_FIELD_NAMES}=["']?)(?:(?P<name>[A-Za-z]+)|(?P<number>\d+))"""
)


def level_of(text: str) -> Severity | None:
    """The level that the head of a text names, None where it names none; `text` holds no colours.

    A level stands behind nothing but times, names in brackets and the like, or in a field ("level=warn"); the word
    "error" in a sentence is none. What begins as a failure does (a traceback, a panic, an exception's name) is an
    ERROR.
    """
    match = _HEADS.match(text[:_HEAD])
    if match is not None:
        return _meant(match)
    if "evel" in text or "lvl" in text or "everity" in text:
        field = _FIELD.search(text[:_FIELD_HEAD])
        if field is not None:
            return named(field["name"]) if field["name"] else tens(int(field["number"][:3]))
    return None


def named(name: str) -> Severity | None:
    """The level of that name, in any case; "INFO+2", as Go's slog writes it, is an INFO."""
    return LEVELS.get(name.upper()) or LEVELS.get(re.split(r"[+-]", name.strip().upper(), maxsplit=1)[0])


def tens(number: float) -> Severity | None:
    """The level of that number as Bunyan and Pino count."""
    return _TENS[int(number) // 10 - 1] if 10 <= number < 70 else None


def syslog(number: int) -> Severity:
    """The level of a syslog severity (0 to 7), or of a priority that holds one beside its facility."""
    return _SYSLOG[number & 7]


def _meant(match: re.Match[str]) -> Severity | None:
    kind = match.lastgroup
    if kind == "syslog":
        return syslog(int(match[kind]))
    if kind == "letter":
        return _LETTERS[match[kind]]
    if kind == "failed":
        return Severity.ERROR
    if kind == "warned":
        return Severity.WARNING
    return LEVELS[match[kind].upper()] if kind else None
