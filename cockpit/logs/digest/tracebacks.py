"""A traceback in a line: what was raised, and where in the service's own code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Raised(NamedTuple):
    """What was raised, in its own words, and `frame`: file and function, "" where nothing says."""

    message: str
    frame: str


@dataclass(frozen=True, slots=True)
class _Language:
    """How a language writes a frame: `frame` finds one, with `file` and `function` in it, in a line.

    `foreign` are files and functions that are not the service's own. The message stands before the frames, or,
    where `below`, behind them; `deepest_first` is whether the innermost frame is the first.
    """

    frame: re.Pattern[str]
    foreign: re.Pattern[str]
    below: bool
    deepest_first: bool


_PYTHON = _Language(
    frame=re.compile(r'[ |+-]*File "(?P<file>[^"]+)", line \d+(?:, in (?P<function>.+))?'),
    foreign=re.compile(r"(?:site|dist)-packages/|/lib(?:64)?/python\d|^<|^/usr/lib/"),
    below=True,
    deepest_first=False,
)
_JAVA = _Language(
    frame=re.compile(
        r"\s+at (?P<function>[\w.$/<>@-]+)\((?P<file>[\w.$-]+|Unknown Source|Native Method)(?::\d+)?\)"
    ),
    foreign=re.compile(
        r"^(?:[\w.]+/|app//)?(?:java|javax|jdk|sun|com\.sun|jakarta|kotlin|kotlinx|scala|groovy|org\.springframework"
        r"|org\.apache|org\.eclipse|org\.hibernate|io\.netty|io\.grpc|io\.micronaut|io\.quarkus|com\.google|com\.zaxxer|com\.fasterxml|okhttp3|reactor)\."
    ),
    below=False,
    deepest_first=True,
)
_NODE = _Language(
    frame=re.compile(r"\s+at (?:(?P<function>[^()]+?) \()?(?:file://)?(?P<file>[^\s()]+?):\d+(?::\d+)?\)?$"),
    foreign=re.compile(r"node_modules/|^node:|^internal/|^<anonymous>"),
    below=False,
    deepest_first=True,
)
_GO = _Language(
    frame=re.compile(r"\s+(?P<file>/\S+\.go):\d+"),
    foreign=re.compile(r"/usr/local/go/|/pkg/mod/|/vendor/"),
    below=False,
    deepest_first=True,
)
_LANGUAGES = (_PYTHON, _JAVA, _NODE, _GO)

_CAUSED = re.compile(r"Caused by: ")
_GO_PANIC = re.compile(r"(?:panic|fatal error): ")
_THROWN = ("Error", "Exception", "Throwable", "Fault")
_NESTED = re.compile(r"[ |+-]*")
_MOST_LINES = 400
_MOST_CHARACTERS = 500


def raised(text: str) -> Raised | None:
    """What a text's last traceback says, or None where there is none."""
    lines = text.split("\n")
    if len(lines) > 2 * _MOST_LINES:
        lines = [*lines[:_MOST_LINES], *lines[-_MOST_LINES:]]
    lines = [line[:_MOST_CHARACTERS] for line in lines]
    for language in _LANGUAGES:
        frames = [(at, found) for at, line in enumerate(lines) if (found := language.frame.match(line))]
        if frames:
            message = _message_below if language.below else _message_above
            return _told(language, lines, frames, message)
    return None


_Frames = list[tuple[int, re.Match[str]]]


def _told(
    language: _Language,
    lines: Sequence[str],
    frames: _Frames,
    message: Callable[[Sequence[str], _Frames], tuple[str, _Frames]],
) -> Raised:
    said, frames = message(lines, frames)
    inwards = frames if language.deepest_first else frames[::-1]
    own = (found for _, found in inwards if not language.foreign.search(_subject(language, found)))
    innermost = next(own, None)
    return Raised(said, _in_words(innermost) if innermost else "")


def _subject(language: _Language, found: re.Match[str]) -> str:
    """What tells whose a frame is: Java's class, others' file."""
    return found["function"] if language is _JAVA else found["file"]


def _message_below(lines: Sequence[str], frames: _Frames) -> tuple[str, _Frames]:
    """The first line behind the last frames that stands no further in than what began them.

    Frames of tracebacks before the last one are another error's.
    """
    last = frames[-1][0]
    inset = _inset(lines[last])
    said = next((line for line in lines[last + 1 :] if line.strip() and _inset(line) < inset), "")
    begins = next((at for at in range(last, -1, -1) if "Traceback (most recent call last)" in lines[at]), -1)
    return said[_inset(said) :].strip(), [each for each in frames if each[0] > begins]


def _inset(line: str) -> int:
    found = _NESTED.match(line)
    return found.end() if found else 0


def _message_above(lines: Sequence[str], frames: _Frames) -> tuple[str, _Frames]:
    """The last cause's line, or a panic's, or of the lines before the frames the last that looks like one."""
    for pattern, which in ((_CAUSED, -1), (_GO_PANIC, 0)):
        named = [at for at, line in enumerate(lines) if pattern.match(line.lstrip())]
        if named:
            at = named[which]
            said = lines[at].strip()
            return (_CAUSED.sub("", said), [each for each in frames if each[0] > at]) if which else (said, frames)
    above = [line.strip() for line in reversed(lines[: frames[0][0]]) if line.strip()]
    return next(filter(_names_an_error, above), above[0] if above else ""), frames


def _names_an_error(line: str) -> bool:
    return line.partition(":")[0].rstrip().endswith(_THROWN)


def _in_words(found: re.Match[str]) -> str:
    """A frame as "orders/repo.py in insert": enough of the file to find it."""
    groups = found.groupdict()
    file = "/".join(groups["file"].rsplit("/", 2)[-2:]).lstrip("/")
    function = ".".join((groups.get("function") or "").strip().rsplit(".", 2)[-2:])
    return f"{file} in {function}" if function and function != "<module>" else file
