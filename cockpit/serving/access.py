"""Who may come in: this machine's own browser, by this machine's name, with the token that was printed.

A page from elsewhere that the user has open can reach loopback, too. It gives itself away by its Origin, or, where
it had its own name made to resolve to loopback (DNS rebinding), by the Host; and it has no token.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = ("127.0.0.1", "localhost", "[::1]")
"""What this machine is called by itself."""

TOKEN_BYTES = 32


def _new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class Access:
    """The rules for one port. The token is a secret: it stands in no repr."""

    port: int
    token: str = field(default_factory=_new_token, repr=False)

    @property
    def cookie(self) -> str:
        """The cookie's name. A browser's cookies know no ports, so two servers must not share one."""
        return f"cockpit-{self.port}"

    def host_problem(self, headers: Mapping[str, str]) -> str:
        """Why a request is not for this server, by the name it asks for; "" for one that is."""
        host = headers.get("Host", "").lower()
        known = host in {f"{name}:{self.port}" for name in NAMES}
        return "" if known else f"ask for {NAMES[0]}:{self.port}"

    def origin_problem(self, headers: Mapping[str, str], *, needed: bool) -> str:
        """Why a request is not from this server's own page; "" for one that is.

        A browser sends no Origin with the pages it opens, but with every websocket: there it is `needed`.
        """
        origin = headers.get("Origin")
        if origin is None:
            return "only this server's own page may open this" if needed else ""
        same = origin.lower() == f"http://{headers.get('Host', '').lower()}"
        return "" if same else "not from another page"

    def admits(self, shown: str | None) -> bool:
        """Whether this is the token, in a time that tells nothing of how much of it is right."""
        return shown is not None and hmac.compare_digest(shown.encode("utf-8", "replace"), self.token.encode())
