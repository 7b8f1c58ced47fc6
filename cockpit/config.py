"""config.toml → frozen Settings. Whatever is wrong in it is one line that names the place and the mend.

Four layers, the later the stronger: the shipped defaults, the user's file, the environment, the flags of the
command line. Which actions and keys exist is not known here: whoever knows raises `settings.error(…)`.
"""

from __future__ import annotations

import difflib
import fnmatch
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec

ENVIRONMENT = {
    "COCKPIT_ENDPOINT": "service.endpoint",
    "COCKPIT_PROJECT": "service.project",
    "COCKPIT_REGION": "service.region",
    "COCKPIT_SERVICE": "service.name",
}
"""Which setting each variable of the environment gives."""

Seconds = Annotated[float, msgspec.Meta(gt=0, le=86400)]
Calls = Annotated[int, msgspec.Meta(ge=2, le=100_000)]


_ENDPOINT = re.compile(r"(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})")
_TABLE = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_KINDS = {"float": "a number", "int": "a whole number", "bool": "true or false", "str": "text", "array": "a list"}
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


class ServiceSettings(msgspec.Struct, frozen=True):
    """Which service, and through which door: `endpoint` is HOST:PORT of a local Cloud Run, or ""."""

    project: str
    region: str
    name: str
    endpoint: str


class SafetySettings(msgspec.Struct, frozen=True):
    """What guards changes. `production` holds names and patterns of services."""

    production: tuple[str, ...]
    arm_seconds: Seconds
    read_only: bool

    def is_production(self, service: str) -> bool:
        """Whether changes to this service want a word typed."""
        return any(fnmatch.fnmatchcase(service, pattern) for pattern in self.production)


class PollSettings(msgspec.Struct, frozen=True):
    """How often the Admin API is read, and what is never exceeded."""

    service_seconds: Seconds
    busy_seconds: Seconds
    revisions_seconds: Seconds
    reads_per_minute: Calls
    writes_per_minute: Calls


class ObservedSettings(msgspec.Struct, frozen=True):
    """What the observed share stands on."""

    window_seconds: Annotated[float, msgspec.Meta(ge=5, le=3600)]


class ThemeSettings(msgspec.Struct, frozen=True):
    """Which theme: the name of a file without its ending."""

    name: Annotated[str, msgspec.Meta(min_length=1)]


class JournalSettings(msgspec.Struct, frozen=True):
    """Where the journal is; "" for the platform's place."""

    path: str


class LogSettings(msgspec.Struct, frozen=True):
    """Where the log is; "" for the platform's place."""

    file: str


class Settings(msgspec.Struct, frozen=True):
    """Everything that can be set. `places` tells by dotted key where each value was given."""

    service: ServiceSettings
    safety: SafetySettings
    poll: PollSettings
    observed: ObservedSettings
    theme: ThemeSettings
    keys: Mapping[str, tuple[str, ...]]
    journal: JournalSettings
    log: LogSettings
    places: Mapping[str, Place] = {}
    user_file: str = ""

    def error(self, key: str, message: str, mend: str = "") -> ConfigError:
        """The error for a setting whose value turns out to be unusable; `key` is dotted, as in "keys.shift"."""
        return _error(self.places, key, message, mend)

    @property
    def journal_path(self) -> Path:
        """The journal's file. A local Cloud Run has one of its own: its services bear the names of real ones."""
        if self.journal.path:
            return Path(self.journal.path).expanduser()
        import platformdirs

        local = re.sub(r"[^\w.]+", "-", f"-{self.service.endpoint}") if self.service.endpoint else ""
        return platformdirs.user_state_path("cockpit") / f"journal{local}.sqlite3"

    @property
    def log_path(self) -> Path:
        """The log's file."""
        if self.log.file:
            return Path(self.log.file).expanduser()
        import platformdirs

        return platformdirs.user_log_path("cockpit") / "cockpit.log"

    @property
    def themes_folders(self) -> tuple[Path, ...]:
        """Where themes are looked for, the user's own first."""
        return Path(self.user_file).parent / "themes", shipped("themes")


def shipped(name: str) -> Path:
    """A file or folder that ships with the cockpit: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / name
    return inside if inside.exists() else package.parent / name


def load(
    path: Path | str | None, env: Mapping[str, str], flags: Mapping[str, tuple[str, str]] | None = None
) -> Settings:
    """Read all four layers. Raises ConfigError.

    `path` is the file named by the user, else COCKPIT_CONFIG, else the platform's place, where alone it may be
    missing. `flags` holds, by dotted key, the value and the flag that gave it.
    """
    named = path or env.get("COCKPIT_CONFIG")
    user_file = Path(named).expanduser() if named else _default_file()
    tree, places = read_toml(shipped("config.toml"))
    if named or user_file.exists():
        theirs, their_places = read_toml(user_file)
        _check_names(theirs, their_places)
        for section, values in theirs.items():
            tree[section].update(values)
        places |= their_places
    given = {
        key: (env[name], f"environment variable {name}") for name, key in ENVIRONMENT.items() if env.get(name)
    }
    for key, (value, source) in (given | dict(flags or {})).items():
        section, name = key.split(".")
        tree[section][name] = value
        places[key] = Place(source)
    return msgspec.structs.replace(_convert(tree, places), places=places, user_file=str(user_file))


def _default_file() -> Path:
    import platformdirs

    return platformdirs.user_config_path("cockpit") / "config.toml"


def _error(places: Mapping[str, Place], key: str, message: str, mend: str) -> ConfigError:
    place = places.get(key) or places.get(key.partition(".")[0])
    return ConfigError(f"{place}: {key} {message}" if place else f"{key} {message}", mend)


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
    """The line of every section and key, by dotted key. Text inside multi-line strings is passed over."""
    lines: dict[str, int] = {}
    table: tuple[str, ...] = ()
    quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        inside, quote = bool(quote), _open_quote(line, quote)
        if inside:
            continue
        if header := _TABLE.fullmatch(line):
            table = _parts(header[1])
            lines.setdefault(".".join(table), number)
        elif key := _KEY.match(line):
            lines.setdefault(".".join(table + _parts(key[1])), number)
    return lines


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(key))


def _open_quote(line: str, quote: str) -> str:
    """Which multi-line quote is open after `line`, given the one open before it."""
    for mark in re.findall(r'"""|\'\'\'', line):
        quote = "" if mark == quote else quote or mark
    return quote


def _check_names(tree: Mapping[str, Any], places: Mapping[str, Place]) -> None:
    sections = {
        name: kind for name, kind in get_type_hints(Settings).items() if name not in {"places", "user_file"}
    }
    for section, values in tree.items():
        if section not in sections:
            raise _unknown(places, section, sections, "section")
        if not isinstance(values, dict):
            raise _error(places, section, "is a section, not a value", f"write it as [{section}]")
        known: tuple[str, ...] | None = getattr(sections[section], "__struct_fields__", None)
        for key in values if known else ():
            if known and key not in known:
                raise _unknown(places, f"{section}.{key}", known, "setting")


def _unknown(places: Mapping[str, Place], key: str, known: Iterable[str], what: str) -> ConfigError:
    names = list(known)
    close = difflib.get_close_matches(key.rpartition(".")[2], names, n=1)
    mend = f"did you mean {close[0]}?" if close else f"known here: {', '.join(names)}"
    return _error(places, key, f"is no {what} of the cockpit", mend)


def _convert(tree: dict[str, Any], places: Mapping[str, Place]) -> Settings:
    keys = {action: _keys(action, value, places) for action, value in tree["keys"].items()}
    try:
        settings = msgspec.convert(tree | {"keys": keys}, Settings)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$.")
        key = path.rstrip("`").partition("[")[0]
        raise _error(places, key, _in_words(what), f"as it ships: {_default(key)}") from None
    endpoint = settings.service.endpoint
    port = _ENDPOINT.fullmatch(endpoint)
    if endpoint and not (port and 0 < int(port[1]) < 65536):
        raise _error(places, "service.endpoint", f"is not HOST:PORT: {endpoint!r}", "write it like 127.0.0.1:8080")
    return settings


def _in_words(what: str) -> str:
    """msgspec's "Expected `float`, got `str`" as "wants a number, not text"."""
    plain = re.sub(r"`(\w+)`", lambda kind: _KINDS.get(kind[1], kind[1]), what)
    return plain.replace("Expected", "wants").replace(", got", ", not").replace(".0", "")


def _default(key: str) -> str:
    section, _, name = key.partition(".")
    return f"{name} = {json.dumps(read_toml(shipped('config.toml'))[0][section][name])}"


def _keys(action: str, value: object, places: Mapping[str, Place]) -> tuple[str, ...]:
    keys = [value] if isinstance(value, str) else value
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise _error(
            places, f"keys.{action}", "is neither a key nor a list of keys", 'write it like "s" or ["s", "f2"]'
        )
    return tuple(keys)
