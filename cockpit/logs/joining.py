"""Tracebacks that came line by line, an entry each, as one entry again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

from cockpit.logs.entry import Flag, Record, Severity
from cockpit.logs.rowtext import MOST_TEXT
from cockpit.logs.severity import LEVELS

HOLD = 0.5
"""Seconds that the next line of a traceback is waited for."""

MOST_OPEN = 64
"""Tracebacks that are waited for at once; with more, the one begun first is handed on as it is."""

MOST_LINES = 2000

Payload = TypeVar("Payload")

_THROWN = r"""
    (?:Exception\ in\ thread\ | Uncaught\ | Unhandled\ )? (?:"[^"]*"\ )?
    (?:[a-z_$@][\w$-]*[./])*+ (?:[A-Z][\w$]*)?(?:Error|Exception|Throwable|Failure|Fault)\b (?=[:\s\[]|$)
"""
_BEGINS = re.compile(
    rf"""
      (?P<frames>Traceback\ \(most\ recent\ call\ last\): | \ \ File\ "[^"]+",\ line\ \d)
    | (?P<groups>\ \ \+\ Exception\ Group\ Traceback)
    | (?P<panic>panic:\ | fatal\ error:\ | goroutine\ \d+\ \[)
    | (?P<stack>[ \t]+at\ \S+[(:.] | [ \t]+\.\.\.\ \d+\ more | Caused\ by:\ )
    | (?P<thrown>{_THROWN})
    | (?P<source>(?:/|file://|node:)\S+:\d+$)
    """,
    re.VERBOSE,
)
"""How a traceback begins; the group's name is the state that it is in then."""

_LEVEL = "|".join(sorted(LEVELS, key=len, reverse=True))
_CHAINED = r"During handling of the above exception|The above exception was the direct cause"
_ANEW = r'  (?:\+ Exception Group |File ")'
_MORE = r"\[SQL: |\[parameters: |\(Background on this error|DETAIL: |HINT: |For further information "
_GO_NAME = r"[\w./%·-]"
_GO_CALL = rf"{_GO_NAME}++(?:\(\*?[\w.]+\)|\[\.\.\.\])*+{_GO_NAME}*+(?:\[\.\.\.\])?\((?:\)|\.\.\.|0x|\{{|\?|_)"
_NEXT = MappingProxyType(
    {
        # Python: indented frames, then the exception by its name, then maybe another that it led to.
        "frames": (
            (re.compile(r"[ \t]|$"), "frames"),
            (re.compile(rf"(?!(?:{_LEVEL})\b)[A-Za-z_][\w.]*(?:\[[^\]]*\])?(?::\s|:?$)"), "ended"),
        ),
        "ended": ((re.compile(rf"(?!{_ANEW})[ \t]|$|{_MORE}"), "ended"), (re.compile(_CHAINED), "chained")),
        "chained": (
            (re.compile(r"$"), "chained"),
            (re.compile(r"Traceback \(most recent"), "frames"),
            (re.compile(r"  \+ Exception Group Traceback"), "groups"),
        ),
        "groups": ((re.compile(rf"(?!{_ANEW})[ \t]|$"), "groups"), (re.compile(_CHAINED), "chained")),
        # Java, JavaScript: the exception by its name, then where it was.
        "thrown": (
            (re.compile(r"[ \t]+(?:at |\.\.\. \d+ more|Suppressed: )|Caused by: "), "stack"),
            (re.compile(r"Require stack:$|- /"), "thrown"),  # of a module that Node.js does not find
        ),
        "stack": ((re.compile(r"[ \t]|$|Caused by: |\}|\]|Node\.js v\d"), "stack"),),
        "source": ((re.compile(r"[ \t]|$|throw |\^"), "source"), (re.compile(_THROWN, re.VERBOSE), "thrown")),
        "panic": (
            (
                re.compile(
                    r"$|\t|goroutine \d+ |created by |\[signal |exit status |runtime stack:|\.\.\."
                    rf"|\[recovered\]|{_GO_CALL}"
                ),
                "panic",
            ),
        ),
    }
)
"""In each state, which lines belong to the traceback, and the state thereafter."""

_OPEN_ENDED = frozenset(("frames", "chained"))
"""The states in which a traceback cannot end: more was to come."""

_WHOLE = re.compile(
    r"(?:^|\n)[ \t]*(?:\+ Exception Group )?Traceback \(most recent call last\):\n"
    r"|\n[ \t]+at \S+[(:.]|\ngoroutine \d+ \["
)
_READ, _TRACEBACK, _CUT = int(Flag.READ), int(Flag.TRACEBACK), int(Flag.CUT)


@dataclass(slots=True)
class _Open(Generic[Payload]):
    """A traceback whose end was not seen yet."""

    first: Record
    payload: Payload
    state: str
    texts: list[str]
    size: int
    given: int
    touched: float
    is_cut: bool = False


class Joiner(Generic[Payload]):
    """Joins the lines of tracebacks by (revision, instance, log); whatever else comes goes straight through.

    A joined record is the first line's, with all lines as its text, Flag.TRACEBACK, and Flag.CUT where the end is
    missing; its payload is the first line's. `now` is in seconds of a clock that the caller chooses: who reads a
    file may give 0 throughout, and no traceback ends by waiting then.
    """

    def __init__(self) -> None:
        self._open: dict[tuple[str, str, str], _Open[Payload]] = {}

    def __len__(self) -> int:
        """Tracebacks that are being waited for."""
        return len(self._open)

    def feed(self, record: Record, payload: Payload, now: float) -> list[tuple[Record, Payload]]:
        """What is complete with this record, in order; nothing while it may be part of a traceback."""
        if record.method or record.status:  # a request is no part of one, and ends none
            return [(record, payload)]
        text = record.text
        begins, is_whole = _BEGINS.match(text), "\n" in text
        if not (self._open or begins or is_whole):
            return [(record, payload)]
        key = (record.revision, record.instance, record.log)
        ready: list[tuple[Record, Payload]] = []
        held = self._open.get(key)
        if held is not None:
            if self._continued(held, record, now):
                return ready
            ready.append(_handed_on(self._open.pop(key)))
        if begins is None or is_whole:
            ready.append((_whole(record) if is_whole else record, payload))
        else:
            ready.extend(self._begun(key, record, payload, str(begins.lastgroup), now))
        return ready

    def flush(self, now: float) -> list[tuple[Record, Payload]]:
        """The tracebacks whose next line was waited for long enough."""
        due = [key for key, held in self._open.items() if now - held.touched >= HOLD]
        return [_handed_on(self._open.pop(key)) for key in due]

    def close(self) -> list[tuple[Record, Payload]]:
        """All that is left, when nothing more comes."""
        rest, self._open = list(self._open.values()), {}
        return [_handed_on(held) for held in rest]

    def _begun(
        self, key: tuple[str, str, str], record: Record, payload: Payload, state: str, now: float
    ) -> list[tuple[Record, Payload]]:
        given = 0 if record.flags & _READ else record.severity
        self._open[key] = _Open(record, payload, state, [record.text], len(record.text), given, now)
        if len(self._open) <= MOST_OPEN:
            return []
        oldest = self._open.pop(next(iter(self._open)))
        oldest.is_cut = True
        return [_handed_on(oldest)]

    def _continued(self, held: _Open[Payload], record: Record, now: float) -> bool:
        """Take a line in where it belongs to the traceback."""
        text = record.text
        if now - held.touched >= HOLD or "\n" in text:
            return False
        state = next((state for pattern, state in _NEXT[held.state] if pattern.match(text)), None)
        if state is None:
            return False
        if len(held.texts) >= MOST_LINES or held.size + len(text) >= MOST_TEXT // 4:
            held.is_cut = True
            return False
        held.state, held.touched = state, now
        held.texts.append(text)
        held.size += len(text) + 1
        if not record.flags & _READ:
            held.given = max(held.given, record.severity)
        return True


def _handed_on(held: _Open[Payload]) -> tuple[Record, Payload]:
    first = held.first
    is_cut = held.is_cut or held.state in _OPEN_ENDED
    if len(held.texts) == 1 and not is_cut:
        return first, held.payload
    severity, flags = held.given, first.flags | _TRACEBACK | (_CUT if is_cut else 0)
    if not severity:
        severity, flags = max(first.severity, int(Severity.ERROR)), flags | _READ
    text = "\n".join(held.texts).rstrip("\n")
    return first._replace(text=text, severity=severity, flags=flags), held.payload


def _whole(record: Record) -> Record:
    """A record of several lines, marked where they are a traceback."""
    if _WHOLE.search(record.text) is None:
        return record
    if record.severity and not record.flags & _READ:
        return record._replace(flags=record.flags | _TRACEBACK)
    severity = max(record.severity, int(Severity.ERROR))
    return record._replace(severity=severity, flags=record.flags | _TRACEBACK | _READ)
