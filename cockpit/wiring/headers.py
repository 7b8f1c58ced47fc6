"""Settings → what requests to a service carry: headers, and tokens for where not everyone may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.sources.errors import InvalidError
from cockpit.sources.identity import IdentityTokens
from cockpit.sources.secrets import HeaderValue, read_headers
from cockpit.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.config import Settings
    from cockpit.config.metrics import Given
    from cockpit.sources.identity import Tokens
    from cockpit.sources.secrets import Headers


def headers_of(settings: Settings, key: str, given: Mapping[str, Given]) -> Headers:
    """The headers under a key of the settings, with where their values come from.

    They are read anew for every request; here once, so that one that cannot be is said at the start. Raises
    ConfigError.
    """
    headers = []
    for name, one in given.items():
        try:
            headers.append((name, HeaderValue(one.env, one.file, one.value, one.prefix)))
            read_headers(headers[-1:])
        except InvalidError as error:
            raise settings.error(f"{key}.{clean(name)}", f"cannot be: {error}", error.mend) from error
    return tuple(headers)


def tokens_of(settings: Settings) -> Tokens | None:
    """Who gives ID tokens; None where a local Cloud Run asks for none."""
    where = settings.service
    return None if where.endpoint else IdentityTokens(where.project, impersonate=settings.metrics.impersonate)
