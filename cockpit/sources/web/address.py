"""Where a request goes, and what may be sent there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from cockpit.sources.errors import InvalidError
from cockpit.sources.target import is_loopback

_LONGEST = 8192
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """A URL that can be asked. `place` is its host, with the port where that is not the scheme's own."""

    url: str
    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Address:
        """Read a URL. Raises InvalidError for one that cannot be asked, or that carries a password."""
        parts, port = _split(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise InvalidError(f"{_bare(parts)!r} is no address", "write it like https://HOST/PATH")
        if parts.username is not None or parts.password is not None:
            raise InvalidError(
                f"the address of {parts.hostname} carries a user or password",
                "give it as a header, whose value comes from the environment or a file",
            )
        return cls(
            parts._replace(fragment="").geturl(), parts.scheme, parts.hostname, port or _PORTS[parts.scheme]
        )

    @property
    def place(self) -> str:
        """Whom to name in messages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine: `localhost`, a name below it (RFC 6761), or a loopback address."""
        return self.host.endswith(".localhost") or is_loopback(self.host)

    @property
    def confidential(self) -> bool:
        """Whether nobody on the way can read along, so that a secret may be sent."""
        return self.scheme == "https" or self.loopback

    def same_origin(self, other: Address) -> bool:
        """Whether the other one is the same scheme, host and port."""
        return (self.scheme, self.host, self.port) == (other.scheme, other.host, other.port)


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        if len(url) > _LONGEST or not url.isprintable() or " " in url:
            raise ValueError("it is too long, or has characters that no address has")
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError as error:
        raise InvalidError(f"not an address: {error}", "write it like https://HOST/PATH") from error


def _bare(parts: SplitResult) -> str:
    """The URL without what may be secret in it."""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
