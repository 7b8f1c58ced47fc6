"""The front of the data plane: an ASGI application that every request for a service or a tag comes through."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from cockpit.simulator.exchange import Exchange
from cockpit.simulator.pool import BrokenRevisionError, NoInstanceError

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from cockpit.simulator.fleet import Fleet
    from cockpit.simulator.pool import Pool
    from cockpit.simulator.seams import Routing

DOMAIN = ".localhost"
TAG_SEPARATOR = "---"
PATIENCE = 10.0
"""Seconds that a request waits for an instance, as on Cloud Run."""

NO_INSTANCE = "The request was aborted because there was no available instance."
NOT_STARTED = "The request failed because the instance could not start successfully."


class Front:
    """Chooses a revision by the split serving now, waits for one of its instances, and passes bytes through.

    The seed decides which revision each request of a split gets; `patience` is how many seconds a request waits.
    """

    def __init__(self, fleet: Fleet, routing: Routing, *, seed: int = 0, patience: float = PATIENCE) -> None:
        self._fleet = fleet
        self._routing = routing
        self._random = Random(seed)
        self.patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        trace, span = f"{self._random.getrandbits(128):032x}", str(self._random.getrandbits(63))
        exchange = Exchange.of(scope, send, trace=trace, span=span)
        service, tag = addressee(exchange.header(b"host"))
        revision = self.choose(service, tag)
        pool = self._fleet.reach(self._routing, service, revision) if revision else None
        if pool is None:
            await exchange.answer(404, "Page not found: no service and no tag has this address.")
        else:
            await self._serve(pool, exchange, receive)

    def choose(self, service: str, tag: str = "") -> str:
        """The revision for the next request, "" when there is none."""
        shares = self._routing.serving(service)
        if tag:
            return next((share.revision for share in shares if share.tag == tag), "")
        percents = [share.percent for share in shares]
        return self._random.choices(shares, percents)[0].revision if any(percents) else ""

    async def _serve(self, pool: Pool, exchange: Exchange, receive: Receive) -> None:
        """Have a request answered and log it, whatever became of it."""
        emitter = pool.emitter
        try:
            async with pool.lease(self.patience) as instance:
                emitter = instance.emitter
                await exchange.forward(instance, pool.limits.timeout, receive)
        except NoInstanceError:
            await exchange.answer(429, "Rate exceeded.", NO_INSTANCE)
        except BrokenRevisionError:
            await exchange.answer(503, "Service Unavailable", NOT_STARTED)
        finally:
            if exchange.status:
                emitter.request(exchange.served())


def addressee(host: str) -> tuple[str, str]:
    """Service and tag of `TAG---SERVICE.localhost:PORT`; the tag may be ""."""
    name = host.partition(":")[0].lower().removesuffix(DOMAIN)
    tag, _, service = name.rpartition(TAG_SEPARATOR)
    return service, tag
