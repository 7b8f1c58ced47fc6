"""Pages of a list, by the key of the last item seen, so that what comes or goes in between shifts nothing."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, TypeVar

from cockpit.simulator.world.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
DEFAULT = 100
MOST = 1000


def page(items: Sequence[T], key: Callable[[T], str], size: int, token: str) -> tuple[Sequence[T], str]:
    """One page of `items`, which are sorted by `key`, and the token of the next page ("" at the end).

    A size of 0 means the server's own; sizes above 1000 are cut. Raises InvalidArgumentError.
    """
    if size < 0:
        raise InvalidArgumentError("page_size", f"must not be negative, not {size}")
    last = _decode(token) if token else ""
    rest = [item for item in items if key(item) > last] if token else items
    limit = min(size or DEFAULT, MOST)
    taken = rest[:limit]
    return taken, _encode(key(taken[-1])) if len(rest) > limit else ""


def _encode(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _decode(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except ValueError:
        raise InvalidArgumentError("page_token", "is not a token this server gave out") from None
