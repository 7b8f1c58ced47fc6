"""The four layers of settings, the later the stronger: the shipped defaults, the user's file, the environment, the
flags of the command line. Which actions and keys exist is not known here: whoever knows raises
`settings.error(…)`.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from cockpit.config.settings import Settings
from cockpit.config.toml import ConfigError, Place, error_at, read_toml, shipped

ENVIRONMENT = {
    "COCKPIT_ENDPOINT": "service.endpoint",
    "COCKPIT_PROJECT": "service.project",
    "COCKPIT_REGION": "service.region",
    "COCKPIT_SERVICE": "service.name",
}
"""Which setting each variable of the environment gives."""

_ENDPOINT = re.compile(r"(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})")
_URL = re.compile(r"https?://[^/\s]")
_KINDS = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "str": "text",
    "array": "a list",
    "object": "a table",
}
_LONGEST_SHIPPED = 80
"""Characters of a shipped value that a mend quotes: a longer one is looked up in the file."""


def load(
    path: Path | str | None, env: Mapping[str, str], flags: Mapping[str, tuple[str, str]] | None = None
) -> Settings:
    """Read all four layers. Raises ConfigError.

    `path` is the file named by the user, else COCKPIT_CONFIG, else the platform's place, where alone it may be
    missing. `flags` holds, by dotted key, the value and the flag that gave it.
    """
    named = path or env.get("COCKPIT_CONFIG")
    user_file = Path(os.path.expanduser(named)) if named else _default_file()
    tree, places = read_toml(shipped("config.toml"))
    if named or user_file.exists():
        theirs, their_places = read_toml(user_file)
        _check_names(theirs, their_places)
        merge(tree, theirs)
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


def merge(tree: dict[str, Any], theirs: Mapping[str, Any]) -> None:
    """Put what another file says over `tree`: key by key inside sections, a list as a whole."""
    for key, value in theirs.items():
        if isinstance(value, dict) and isinstance(tree.get(key), dict):
            merge(tree[key], value)
        else:
            tree[key] = value


def _check_names(tree: Mapping[str, Any], places: Mapping[str, Place]) -> None:
    sections = {
        name: kind for name, kind in get_type_hints(Settings).items() if name not in {"places", "user_file"}
    }
    for section, values in tree.items():
        if section not in sections:
            raise _unknown(places, section, sections, "section")
        if not isinstance(values, dict):
            raise error_at(places, section, "is a section, not a value", f"write it as [{section}]")
        known: tuple[str, ...] | None = getattr(sections[section], "__struct_fields__", None)
        for key in values if known else ():
            if known and key not in known:
                raise _unknown(places, f"{section}.{key}", known, "setting")


def _unknown(places: Mapping[str, Place], key: str, known: Iterable[str], what: str) -> ConfigError:
    names = list(known)
    close = difflib.get_close_matches(key.rpartition(".")[2], names, n=1)
    mend = f"did you mean {close[0]}?" if close else f"known here: {', '.join(names)}"
    return error_at(places, key, f"is no {what} of the cockpit", mend)


def _convert(tree: dict[str, Any], places: Mapping[str, Place]) -> Settings:
    keys = {action: _keys(action, value, places) for action, value in tree["keys"].items()}
    try:
        settings = msgspec.convert(tree | {"keys": keys}, Settings)
    except msgspec.ValidationError as error:
        raise _misfit(str(error), places) from None
    endpoint = settings.service.endpoint
    port = _ENDPOINT.fullmatch(endpoint)
    if endpoint and not (port and 0 < int(port[1]) < 65536):
        wrong = f"is not HOST:PORT: {endpoint!r}"
        raise error_at(places, "service.endpoint", wrong, "write it like 127.0.0.1:8080")
    if not (settings.metrics.local or _URL.match(settings.metrics.engine)):
        wrong = f'is neither "local" nor a URL: {settings.metrics.engine!r}'
        raise error_at(places, "metrics.engine", wrong, "write it like https://HOST/PATH")
    tags = [target.tag for target in settings.metrics.targets]
    if again := next((at for at, tag in enumerate(tags) if tag in tags[:at]), None):
        wrong = f"is of the tag {tags[again]!r}, as one above is"
        raise error_at(places, f"metrics.targets[{again}]", wrong, "put both into one")
    return settings


def _misfit(message: str, places: Mapping[str, Place]) -> ConfigError:
    """msgspec's error, as "Expected `float`, got `str` - at `$.poll.service_seconds`", with place and mend."""
    what, _, path = message.partition(" - at ")
    key = path.removeprefix("`key` in ").strip("`").removeprefix("$.").replace("[...]", "")
    if value := re.fullmatch(r"Invalid enum value (.+)", what):
        return _none_of(value[1], key, places)
    if name := re.search(r"unknown field `(.+)`|missing required field `(.+)`", what):
        known = ", ".join(field.name for field in _fields(key))
        if name[1]:
            return error_at(places, f"{key}.{name[1]}", "is no setting of the cockpit", f"known here: {known}")
        return error_at(places, key, f"lacks {name[2]}", f"known here: {known}")
    shipped_value = _shipped_value(key)
    mend = f"as it ships: {shipped_value}" if shipped_value else "config.toml as it ships shows how it is written"
    return error_at(places, key, _in_words(what), mend)


def _none_of(value: str, key: str, places: Mapping[str, Place]) -> ConfigError:
    """The error for a value, or the key of a table, that is none of those there are."""
    table, _, name = key.rpartition(".")
    kind = next(field.type for field in _fields(table) if field.name == name)
    if get_origin(kind) is Mapping:
        known = ", ".join(get_args(get_args(kind)[0]))
        return error_at(places, key + "." + value.strip("'"), "is none that is known", f"known here: {known}")
    known = json.dumps(get_args(kind))[1:-1]
    return error_at(places, key, f"is none of its values: {value}", f"write one of {known}")


def _fields(key: str) -> tuple[msgspec.structs.FieldInfo, ...]:
    """The settings of the table that `key` names."""
    kind: Any = Settings
    for part in re.sub(r"\[\d+\]", "", key).split("."):
        kind = get_type_hints(kind).get(part)
        inside = [
            inner for inner in get_args(kind) if isinstance(inner, type) and issubclass(inner, msgspec.Struct)
        ]
        kind = inside[0] if inside else kind
    return msgspec.structs.fields(kind)


def _in_words(what: str) -> str:
    """msgspec's "Expected `float`, got `str`" as "wants a number, not text"."""
    plain = re.sub(r"`(\w+)(?: \| null)?`", lambda kind: _KINDS.get(kind[1], kind[1]), what)
    return plain.replace("Expected", "wants").replace(", got", ", not").replace(".0", "")


def _shipped_value(key: str) -> str:
    """A setting as the shipped file gives it, "" where it gives none."""
    key = re.sub(r"\[\d+\]$", "", key)
    value: Any = read_toml(shipped("config.toml"))[0]
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    written = "" if value is None else f"{key.rpartition('.')[2]} = {json.dumps(value)}"
    return written if len(written) <= _LONGEST_SHIPPED else ""


def _keys(action: str, value: object, places: Mapping[str, Place]) -> tuple[str, ...]:
    keys = [value] if isinstance(value, str) else value
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise error_at(
            places, f"keys.{action}", "is neither a key nor a list of keys", 'write it like "s" or ["s", "f2"]'
        )
    return tuple(keys)
