"""TOML with places: what a file says, and on which line it says it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a setting was given: a file and its line (from 1; 0 where unknown), a variable, or a flag."""

    source: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source


class ConfigError(Exception):
    """A setting that cannot be used. `str(error)` names the place and what is wrong; `mend` says what to do."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


def read_toml(path: Path) -> tuple[dict[str, Any], dict[str, Place]]:
    """What a TOML file says, and by dotted key on which line. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not a text file in UTF-8", "save it as UTF-8") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"{path}: {reason}", "name a readable file with --config or COCKPIT_CONFIG") from None
    try:
        return tomllib.loads(text), {key: Place(str(path), line) for key, line in _lines(text).items()}
    except tomllib.TOMLDecodeError as error:
        what, line = _syntax(str(error), text)
        raise ConfigError(f"{Place(str(path), line)}: not TOML: {what}", "mend this line") from None


def _syntax(message: str, text: str) -> tuple[str, int]:
    """What tomllib found and on which line, out of its message: before Python 3.14 it gives no numbers."""
    what, _, where = message.rpartition(" (at ")
    numbers = [int(number) for number in re.findall(r"\d+", where)]
    what = what[:1].lower() + what[1:]
    return (f"{what}, column {numbers[1]}", numbers[0]) if len(numbers) == 2 else (what, text.count("\n") + 1)


def _lines(text: str) -> dict[str, int]:
    """The line of every section and key, by dotted key, as "a.b" or, in the second table of an array, "a[1].b".

    Text inside multi-line strings is passed over.
    """
    lines: dict[str, int] = {}
    counted: Counter[str] = Counter()
    table: tuple[str, ...] = ()
    quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        inside, quote = bool(quote), _open_quote(line, quote)
        if inside:
            continue
        if header := _TABLE.fullmatch(line):
            table = _table(_parts(header[2]), counted, opens=header[1] == "[[")
            lines.setdefault(".".join(table), number)
        elif key := _KEY.match(line):
            lines.setdefault(".".join(table + _parts(key[1])), number)
    return lines


def _table(parts: tuple[str, ...], counted: Counter[str], *, opens: bool) -> tuple[str, ...]:
    """A table's name, arrays with the number of their newest element; `opens` begins another one of the last."""
    named: list[str] = []
    for part in parts:
        path = ".".join([*named, part])
        if opens and len(named) == len(parts) - 1:
            counted[path] += 1
        named.append(f"{part}[{counted[path] - 1}]" if counted[path] else part)
    return tuple(named)


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(key))


def _open_quote(line: str, quote: str) -> str:
    """Which multi-line quote is open after `line`, given the one open before it."""
    for mark in re.findall(r'"""|\'\'\'', line):
        quote = "" if mark == quote else quote or mark
    return quote


def error_at(places: Mapping[str, Place], key: str, message: str, mend: str) -> ConfigError:
    """The error for a setting, with the place it was given at, or that of the nearest table around it."""
    around = key
    while around and around not in places:
        around = max(around.rpartition(".")[0], around.rpartition("[")[0], key=len)
    return ConfigError(f"{places[around]}: {key} {message}" if around else f"{key} {message}", mend)


def shipped(name: str) -> Path:
    """A file or folder that ships with the cockpit: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / name
    return inside if inside.exists() else package.parent / name
