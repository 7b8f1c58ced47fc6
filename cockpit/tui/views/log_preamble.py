"""What a line of text begins with and the columns beside it say already: its own time and level."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cockpit.logs.entry import Flag
from cockpit.logs.moment import ISO, SECOND, moment
from cockpit.logs.severity import LEVELS

if TYPE_CHECKING:
    from cockpit.logs.entry import Row

NEAR = 2 * SECOND
"""Nanoseconds that the time in a text and the entry's may differ and be the same to a reader."""

_HEAD = 80
"""Characters in which a time and a level fit."""
_BEHIND = r"[ \t]+(?:[-|][ \t]+)?(?=\S)"
_STAMP = re.compile(rf"(?P<box>\[)?(?P<stamp>{ISO})(?(box)\]):?{_BEHIND}", re.ASCII)
# Words that say no less than the column: FATAL and TRACE have no letters of their own.
_LEVEL = re.compile(
    rf"(?P<box>\[)?(?P<word>DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL)(?(box)\])(?P<colon>:)?{_BEHIND}"
)


def preamble(row: Row, *, timed: bool, levelled: bool) -> int:
    """How many characters at the beginning of an entry's text say nothing beyond its columns.

    `timed` and `levelled` are whether there are columns of its moment and its level. A time counts where it is the
    entry's own, in UTC if it names no zone, and a level where the entry has it from there.
    """
    if row.is_request or row.flags & Flag.GAP:
        return 0
    head = row.text[:_HEAD]
    stamp = _STAMP.match(head) if timed else None
    behind = stamp.end() if stamp is not None and _is_near(stamp["stamp"], row.time) else 0
    if not levelled or not row.flags & Flag.READ:
        return behind
    level = _LEVEL.match(head, behind)
    if level is None or LEVELS[level["word"]] is not row.severity:
        return behind
    # A bare word with nothing before it may be the first of a sentence.
    return level.end() if behind or level["box"] or level["colon"] else 0


def _is_near(stamp: str, time: int) -> bool:
    try:
        return abs(moment(stamp) - time) <= NEAR
    except ValueError:  # the 31st of a month that has 30
        return False
