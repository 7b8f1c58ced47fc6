"""What differs between two templates: image, environment, resources, scaling, command, identity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.release.service import EnvVar, Template

HIDDEN = "•••"
"""Stands for a value that nobody should read over a shoulder."""

_SECRET_NAME = re.compile(
    r"SECRET|PASSW|PASSPHRASE|TOKEN|CREDENTIAL|APIKEY"
    r"|(?:^|[_.-])(?:KEYS?|AUTH|DSN|SALT|PRIVATE|SIGNATURE|COOKIE|PASS|PWD|CREDS)(?:$|[_.-])",
    re.IGNORECASE,
)
_PASSWORD_IN_URL = re.compile(r"://[^/@\s]*:[^/@\s]+@")


class Kind(Enum):
    """How a row differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `name` is a variable's for the environment, else ""; `before` and `after` are fit
    to show: secrets are references or HIDDEN, and "" means there is none."""

    field: str
    name: str
    kind: Kind
    before: str
    after: str


def compare(before: Template, after: Template) -> tuple[Difference, ...]:
    """Every difference between two templates, in the order of `Template`, variables by name."""
    rows: list[Difference] = []
    old, new = _plain(before), _plain(after)
    for name, value in new.items():
        rows += _differs(name, "", old[name], value)
        if name == "image":
            rows += _environment(before, after)
    return tuple(rows)


def is_secret_name(name: str) -> bool:
    """Whether a variable's name says that its value is a secret."""
    return _SECRET_NAME.search(name) is not None


def shown(variable: EnvVar) -> str:
    """A variable's value as it may be shown: a secret's reference, HIDDEN, or the value itself."""
    if variable.secret:
        return f"secret {variable.secret}"
    if variable.value and (is_secret_name(variable.name) or _PASSWORD_IN_URL.search(variable.value)):
        return HIDDEN
    return variable.value


def shown_arguments(words: Sequence[str]) -> str:
    """A command line as it may be shown: what `--password=…`, `--token …` and the like carry is HIDDEN."""
    shown_words: list[str] = []
    hide_next = False
    for word in words:
        name, equals, value = word.partition("=")
        secret = is_secret_name(name)
        if (hide_next and not word.startswith("-")) or _PASSWORD_IN_URL.search(word):
            shown_words.append(HIDDEN)
        else:
            shown_words.append(f"{name}={HIDDEN}" if secret and value else word)
        hide_next = secret and not equals and word.startswith("-")
    return " ".join(shown_words)


def _plain(template: Template) -> Mapping[str, str]:
    timeout = f"{template.timeout:g} s" if template.timeout else ""
    return {
        "image": template.image,
        "cpu": template.cpu,
        "memory": template.memory,
        "concurrency": str(template.concurrency or ""),
        "timeout": timeout,
        "min instances": str(template.min_instances),
        "max instances": str(template.max_instances or ""),
        "service account": template.service_account,
        "command": shown_arguments(template.command),
        "args": shown_arguments(template.args),
    }


def _environment(before: Template, after: Template) -> list[Difference]:
    old, new = ({each.name: each for each in template.env} for template in (before, after))
    rows: list[Difference] = []
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one is None and other is not None:
            rows.append(Difference("env", name, Kind.ADDED, "", shown(other)))
        elif one is not None and other is None:
            rows.append(Difference("env", name, Kind.REMOVED, shown(one), ""))
        elif one is not None and other is not None and one != other:
            rows.append(Difference("env", name, Kind.CHANGED, shown(one), shown(other)))
    return rows


def _differs(field: str, name: str, before: str, after: str) -> list[Difference]:
    if before == after:
        return []
    kind = Kind.ADDED if not before else Kind.REMOVED if not after else Kind.CHANGED
    return [Difference(field, name, kind, before, after)]
