"""Moments on the command line: `14:05`, `-10m`, a date, or RFC 3339."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.cli.exits import usage_error

if TYPE_CHECKING:
    from collections.abc import Sequence

_FLAGS = frozenset(("--since", "--until", "--at"))
_SIGNS = ("-", "−", "+")


def with_signs(words: Sequence[str]) -> list[str]:
    """The words of a command line, `--since -10m` as `--since=-10m`: argparse would take the value for a flag."""
    found: list[str] = []
    for word in words:
        if found and found[-1] in _FLAGS and word.startswith(_SIGNS) and word[1:2].isdigit():
            found[-1] += f"={word}"
        else:
            found.append(word)
    return found


def moment(flag: str, text: str, now: float) -> float:
    """What a flag says, in epoch seconds; with a sign, so much before or after `now`. Raises CommandError."""
    from cockpit.logs.moment import SECOND
    from cockpit.logs.query.moments import WISHES, wished

    here = round(now * SECOND)
    zone = datetime.now(UTC).astimezone().tzinfo or UTC
    try:
        return wished(text.strip(), here=here, now=here, zone=zone) / SECOND
    except ValueError as error:
        raise usage_error(f"{flag}: {error}", WISHES) from None


def stamp(at: float) -> str:
    """A moment (epoch seconds) as tables show it."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def iso(at: float) -> str:
    """A moment (epoch seconds) as scripts read it: RFC 3339 in UTC, to the millisecond."""
    return f"{datetime.fromtimestamp(at, UTC).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"
