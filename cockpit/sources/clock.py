"""What the other side's clock says, so that a wrong one here can be named."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from cockpit.sources.errors import SourceError, UnreachableError
from cockpit.sources.target import Api

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.sources.target import Target

_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ClockSkew:
    """Seconds by which this machine's clock is ahead of the other side's (negative: behind), within `margin`."""

    ahead: float
    margin: float


async def clock_skew(target: Target, wall: Callable[[], float] = time.time) -> ClockSkew:
    """Compare clocks by the Date header, which every answer carries, one that refuses the request included.

    Needs no credentials. Raises UnreachableError, or SourceError where the answer gives no date.
    """
    import httpx

    place = target.address(Api.RUN)
    url = f"{'http' if target.local else 'https'}://{place}/"
    try:
        # No proxy between this machine and itself, whatever the environment says.
        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=not target.local) as client:
            before = wall()
            answer = await client.head(url)
            after = wall()
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        mend = "is it running?" if target.local else "check the network, the proxy and DNS of this machine"
        raise UnreachableError(f"could not compare clocks with {place}: {reason}", mend) from error
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except ValueError as error:
        raise SourceError(f"could not compare clocks with {place}: its answer has no date") from error
    # The header has whole seconds, cut off: on average it is half a second old.
    return ClockSkew(ahead=(before + after) / 2 - (theirs + 0.5), margin=(after - before) / 2 + 0.5)
