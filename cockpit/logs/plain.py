"""A line of plain text: what of it is a time, a level or a request."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING

from cockpit.logs.entry import NO_TIME, Flag, Record, Severity
from cockpit.logs.moment import ISO, SECOND, counted, from_match, nanoseconds, within
from cockpit.logs.names import MOST_NAME
from cockpit.logs.request import line
from cockpit.logs.severity import level_of
from cockpit.logs.texts import kept

if TYPE_CHECKING:
    from collections.abc import Callable

_MONTHS = MappingProxyType(
    {"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6}
    | {"Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12}
)
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_CLOCK = r"(?P<clock>\d\d:\d\d:\d\d)(?:[.,](?P<fraction>\d+))?"
_READ, _ODD = int(Flag.READ), int(Flag.ODD)

_LEAD = re.compile(r"(?:<\d{1,3}>(?:1 )?|[A-Z], |time=|ts=|timestamp=|date=)?[\s\[\"'(|]*")
"""What may stand before a time: a syslog priority, Ruby's letter, the name of a field, brackets."""

_ISO = re.compile(ISO, re.ASCII | re.IGNORECASE)
_COUNTED = re.compile(r"(?:\d{10}(?:\.\d{1,9})?|\d{13}|\d{16}|\d{19})(?=[\s\]:,|]|$)", re.ASCII)
_PARTS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        # Go's log and nginx, then Apache and PHP.
        rf"(?P<year>\d{{4}})/(?P<month>\d\d)/(?P<day>\d\d) {_CLOCK}",
        rf"(?P<day>\d\d)[/-]{_MONTH}[/-](?P<year>\d{{4}})[: ]{_CLOCK}(?:\s?(?P<zone>[+-]\d{{4}}|UTC|GMT))?",
    )
)
_LETTERED = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"[IWEFDVC](?P<month>\d\d)(?P<day>\d\d) {_CLOCK}",  # glog
        rf"{_MONTH}\s+(?P<day>\d{{1,2}}) {_CLOCK}",  # syslog
        rf"[A-Z][a-z]{{2}} {_MONTH}\s+(?P<day>\d{{1,2}}) {_CLOCK} (?P<year>\d{{4}})",  # Apache's error log
    )
)
_ACCESS = re.compile(
    r"(?P<origin>\S+) \S+ \S+ \[(?P<stamp>[^\]]{20,40})\] "
    r'"(?P<method>[A-Z]{3,16}) (?P<path>\S+)[^"]*" (?P<status>[1-5]\d\d) \S+'
    r'(?: "(?P<referrer>[^"]*)" "(?P<agent>[^"]*)")?'
)
"""The common and the combined format, as nginx, Apache and many others write their requests."""


def read(raw: bytes, *, zone: tzinfo = UTC, near: int = NO_TIME) -> Record:
    """The record of one line, whatever it is; the text stays whole but for colours.

    `zone` is that of times which name none. Times without a year (syslog's, glog's) are taken for the latest such
    moment that is at most a day after `near`, in Unix ns; without `near` they are none. A line of an access log is
    a request, and its text a request's.
    """
    flags = 0
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text, flags = raw.decode(errors="replace"), _ODD
    text, shortened = kept(text)
    flags |= shortened
    access = _ACCESS.match(text) if '] "' in text else None
    if access is not None:
        return _request(access, flags, zone)
    time, odd = _time(text, zone, near)
    level = level_of(text)
    if level is None:
        return Record(time, text, Severity.DEFAULT, flags | odd)
    return Record(time, text, int(level), flags | odd | _READ)


def _request(access: re.Match[str], flags: int, zone: tzinfo) -> Record:
    status, agent, referrer = int(access["status"]), access["agent"] or "", access["referrer"] or ""
    severity = Severity.ERROR if status >= 500 else Severity.WARNING if status >= 400 else Severity.INFO
    time, odd = _time(access["stamp"], zone, NO_TIME)
    return Record(
        time,
        line(access["path"], access["origin"], "" if referrer == "-" else referrer),
        int(severity),
        flags | odd | _READ,
        status=status,
        method=access["method"],
        agent="" if agent == "-" else agent[:MOST_NAME],
    )


def _time(text: str, zone: tzinfo, near: int) -> tuple[int, int]:
    """The moment that a line begins with, or NO_TIME; with Flag.ODD for one that there is not, or far off."""
    lead = _LEAD.match(text)
    at = lead.end() if lead is not None else 0
    first = text[at : at + 1]
    try:
        if first.isdecimal():
            time = _in_digits(text, at, zone)
        elif "A" <= first <= "Z":
            time = _in_parts(_LETTERED, text, at, zone, near)
        else:
            return NO_TIME, 0
    except (ValueError, OverflowError):  # the 31st of a month that has 30
        return NO_TIME, _ODD
    return (NO_TIME, 0) if time is None else within(time)


def _in_digits(text: str, at: int, zone: tzinfo) -> int | None:
    iso = _ISO.match(text, at)
    if iso is not None:
        return from_match(iso, zone=zone)
    number = _COUNTED.match(text, at)
    if number is not None:
        return counted(float(number[0]) if "." in number[0] else int(number[0]))
    return _in_parts(_PARTS, text, at, zone, NO_TIME)


def _in_parts(patterns: tuple[re.Pattern[str], ...], text: str, at: int, zone: tzinfo, near: int) -> int | None:
    match = next((match for each in patterns if (match := each.match(text, at))), None)
    if match is None:
        return None
    parts = match.groupdict()
    month = _MONTHS.get(parts["month"]) or int(parts["month"])

    def in_year(year: int) -> int:
        hour, minute, second = map(int, parts["clock"].split(":"))
        day = datetime(year, month, int(parts["day"]), hour, minute, tzinfo=_named(parts.get("zone"), zone))
        return nanoseconds(day, second, parts["fraction"] or "")

    if year := parts.get("year"):
        return in_year(int(year))
    return None if near == NO_TIME else _latest(in_year, near)


def _latest(in_year: Callable[[int], int], near: int) -> int:
    """The moment in the latest year in which it is at most a day after `near`. Raises ValueError for none."""
    around = datetime.fromtimestamp(near // SECOND, UTC) + timedelta(days=1)
    time = in_year(around.year)
    return time if time <= near + 86_400 * SECOND else in_year(around.year - 1)


def _named(name: str | None, otherwise: tzinfo) -> tzinfo:
    if not name:
        return otherwise
    if name[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(name[1:3]), minutes=int(name[3:]))
    return timezone(-offset if name[0] == "-" else offset)
