"""What may be a secret stays out of recordings: values of environment variables and arguments, by their names.

References to Secret Manager are names and stay; what somebody typed as a plain value does not.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.live.app.picture import ProbePicture, TimelinePicture
from cockpit.release.service import Revision, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.release.service import EnvVar, Template

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SUSPICIOUS = frozenset(
    (
        "auth",
        "bearer",
        "connectionstring",
        "cookie",
        "cred",
        "creds",
        "dsn",
        "hook",
        "jwt",
        "key",
        "keys",
        "pass",
        "pat",
        "pem",
        "pin",
        "otp",
        "private",
        "pw",
        "pwd",
        "salt",
        "sig",
        "signature",
        "webhook",
    )
)
_WITHIN = ("apikey", "credential", "passphrase", "passw", "secret", "token", "connection_string")
_USERINFO = re.compile(r"(?<=://)[^/?#\s@]*:[^/?#\s]*@|(?<=://)[^/?#\s:@]+@")
_PARAMETER = re.compile(r"((?:^|[?&;,\s])[\w.-]+=)([^&;#\s]+)")
_TELLING = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bBearer [\w.~+/=-]{8,}|\bhooks\.slack\.com/|/api/webhooks/"
    r"|\beyJ[\w-]{8,}\.[\w-]+\.|\b(?:sk|ghp|gho|xox[abp]|AIza)[-_\w]{16,}"
)
_FLAG = re.compile(r"--?([\w.-]+)(?:=(.*))?", re.DOTALL)


def is_suspicious(name: str) -> bool:
    """Whether what bears this name may be a secret."""
    lower = name.lower()
    return any(word in lower for word in _WITHIN) or not _SUSPICIOUS.isdisjoint(
        word.lower() for word in _WORDS.findall(name)
    )


class Redactor:
    """Puts "(not recorded, 1)" in the place of what may be a secret.

    The number tells equal values from different ones, within one recording, and nothing else about them.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def redacted(self, value: Any) -> Any:
        """A part of a snapshot without what may be a secret; most are as they are."""
        if isinstance(value, Service):
            return replace(value, template=self._template(value.template))
        if isinstance(value, tuple) and value and isinstance(value[0], Revision):
            return tuple(replace(each, template=self._template(each.template)) for each in value)
        if isinstance(value, tuple) and value and isinstance(value[0], ProbePicture | TimelinePicture):
            return tuple(replace(each, path=self._text(each.path)) for each in value)
        if isinstance(value, str):
            return self._text(value)
        return value

    def _template(self, template: Template) -> Template:
        return replace(
            template,
            env=tuple(map(self._variable, template.env)),
            command=tuple(self._words(template.command)),
            args=tuple(self._words(template.args)),
        )

    def _variable(self, variable: EnvVar) -> EnvVar:
        if not variable.value:
            return variable
        secret = is_suspicious(variable.name)
        return replace(variable, value=self._hidden(variable.value) if secret else self._text(variable.value))

    def _words(self, words: tuple[str, ...]) -> Iterator[str]:
        """The words of a command line; a secret stands behind its flag, or is the next word."""
        follows = False
        for word in words:
            flag = _FLAG.fullmatch(word)
            if flag is None:
                yield self._hidden(word) if follows else self._text(word)
                follows = False
                continue
            name, value = flag.groups()
            follows = value is None and is_suspicious(name)
            secret = value and is_suspicious(name)
            yield f"{word[: -len(value)]}{self._hidden(value)}" if secret else self._text(word)

    def _text(self, text: str) -> str:
        """A text that is no secret as a whole: a URL or a connection string in it may have one for a parameter."""
        if _TELLING.search(text):
            return self._hidden(text)
        text = _USERINFO.sub(lambda found: f"{self._hidden(found[0])}@", text)
        return _PARAMETER.sub(
            lambda found: f"{found[1]}{self._hidden(found[2])}" if is_suspicious(found[1]) else found[0], text
        )

    def _hidden(self, value: str) -> str:
        return f"(not recorded, {self._numbers.setdefault(value, len(self._numbers) + 1)})"
