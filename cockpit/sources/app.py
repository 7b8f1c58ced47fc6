"""The application itself, asked about its timelines and its health."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.sources.calling import Caller, Wording
from cockpit.sources.timelines.reading import read_timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.sources.calling import Call
    from cockpit.sources.identity import Tokens
    from cockpit.sources.timelines.shape import Shape, Timeline
    from cockpit.sources.web.exchange import WebClient

JSON = {"Accept": "application/json"}

_WORDING = Wording("asked", "[app.headers]")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a health check was answered, whatever the status, within so many seconds."""

    status: int
    content: bytes
    seconds: float


class App:
    """Asks an application over connections that are kept open. `wall` gives epoch seconds.

    One that not everyone may call is asked with an ID token, as `Caller` has it.
    """

    def __init__(
        self,
        tokens: Tokens | None = None,
        *,
        web: WebClient | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._caller = Caller(_WORDING, tokens, web=web)
        self._wall = wall

    async def timeline(self, call: Call, shape: Shape, period: float) -> Timeline:
        """Read a timeline over a period (seconds) that ends now. Raises a SourceError and nothing else."""
        reply = await self._caller.ask(call)
        if reply.status != 200:
            raise self._caller.refusal(call, reply, self._wall())
        # A year of hours takes a few hundredths of a second, in which a key may be pressed.
        return await asyncio.to_thread(read_timeline, reply.content, shape, period, self._wall())

    async def answer(self, call: Call) -> Answer:
        """Ask a health check. Raises a SourceError, and nothing else, where there is no answer."""
        reply = await self._caller.ask(call)
        return Answer(reply.status, reply.content, reply.seconds)

    async def close(self) -> None:
        """Close every connection."""
        await self._caller.close()
