"""Values nobody may see by accident, and where the values of headers come from."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from cockpit.sources.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\t]+")
_LONGEST = 64 * 1024
_OWN = frozenset({"host", "connection", "content-length", "transfer-encoding", "cookie", "accept-encoding"})
"""Headers the client sets itself, or, as cookies, never sends."""


class Secret:
    """Text that is shown as "[hidden]" wherever it is printed, logged, formatted or pickled by mistake."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._text

    def prefixed(self, prefix: str) -> Secret:
        """The same with something before it, as "Bearer "."""
        return Secret(prefix + self._text)

    def __repr__(self) -> str:
        return "Secret([hidden])"

    def __str__(self) -> str:
        return "[hidden]"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


@dataclass(frozen=True, slots=True)
class HeaderValue:
    """Where a header's value comes from: the variable `env`, the file at `file`, or `value` where it is no secret.

    `prefix` stands before it, as "Bearer ". Raises InvalidError unless exactly one of the three is given.
    """

    env: str = ""
    file: str = ""
    value: str = ""
    prefix: str = ""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.env, self.file, self.value))) != 1:
            raise InvalidError(
                "a header needs one of env, file and value", 'write it like { env = "TOKEN", prefix = "Bearer " }'
            )

    def read(self, header: str) -> Secret:
        """The value as it is now: a file is read anew, so that a token that was renewed is taken.

        Raises InvalidError, which names `header`, for a value that is missing or that no header can have.
        """
        found = self.value or (self._from_file(header) if self.file else self._from_environment(header))
        if not _VALUE.fullmatch(self.prefix + found):
            raise InvalidError(f"{self._place(header)} is no header: it is more than one line of ASCII", "mend it")
        return Secret(self.prefix + found)

    def _from_environment(self, header: str) -> str:
        found = os.environ.get(self.env, "").strip()
        if not found:
            state = "empty" if self.env in os.environ else "not set"
            raise InvalidError(f"{self._place(header)} is {state}", f"set {self.env} before the cockpit starts")
        return found

    def _from_file(self, header: str) -> str:
        try:
            with Path(os.path.expanduser(self.file)).open("rb") as file:
                found = file.read(_LONGEST + 1)
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            raise InvalidError(
                f"{self._place(header)} cannot be read: {reason}",
                "name a readable file with the value in it",
            ) from error
        text = found.decode("ascii", "replace").strip()
        if not text or len(found) > _LONGEST:
            what = "is empty" if not text else f"has more than {_LONGEST // 1024} KiB"
            raise InvalidError(f"{self._place(header)} {what}", "put the value alone in it")
        return text

    def _place(self, header: str) -> str:
        where = f"file {self.file}" if self.file else f"variable {self.env}" if self.env else "value"
        return f"header {header}: its {where}"


Headers = tuple[tuple[str, HeaderValue], ...]
"""Names of headers and where their values come from."""


def read_headers(headers: Iterable[tuple[str, HeaderValue]]) -> dict[str, Secret]:
    """The headers with the values they have now. Raises InvalidError."""
    return {checked_name(name): value.read(name) for name, value in headers}


def checked_name(name: str) -> str:
    """A header's name that may be sent. Raises InvalidError."""
    if not _NAME.fullmatch(name):
        raise InvalidError(f"{name!r} is no name of a header", "write it like X-Scope-OrgID")
    if name.lower() in _OWN:
        raise InvalidError(f"the header {name} cannot be set", "leave it out: the cockpit sets or omits it itself")
    return name
