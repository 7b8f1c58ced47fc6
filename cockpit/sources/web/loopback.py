"""Names below `localhost` are this machine (RFC 6761), whatever the resolver knows of them."""

from __future__ import annotations

import httpx

_ADDRESSES = ("127.0.0.1", "::1")


class LoopbackTransport(httpx.AsyncBaseTransport):
    """Sends what is meant for `NAME.localhost` to loopback, IPv4 first; the Host header keeps the name."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request. Raises what httpx raises."""
        try:
            return await self._inner.handle_async_request(_readdressed(request, _ADDRESSES[0]))
        except httpx.ConnectError as refusal:
            try:
                return await self._inner.handle_async_request(_readdressed(request, _ADDRESSES[1]))
            except httpx.ConnectError:
                raise refusal from refusal.__cause__

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def _readdressed(request: httpx.Request, address: str) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )
