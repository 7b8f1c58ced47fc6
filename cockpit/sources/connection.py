"""gRPC channels to one target, opened when first asked for: the one place where simulator and cloud differ."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from cockpit.sources.auth import NOBODY, Account, account_of, find_credentials
from cockpit.sources.loading import load
from cockpit.sources.target import Api, Target

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

Channel = Any
"""A `grpc.aio.Channel`; grpc has no types."""

_OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_metadata_size", 64 * 1024),  # of an error with its details; gRPC drops larger ones
    ("grpc.enable_retries", 0),
    ("grpc.initial_reconnect_backoff_ms", 250),
    ("grpc.min_reconnect_backoff_ms", 5_000),
)
_LOCAL_OPTIONS = (
    *_OPTIONS,
    ("grpc.enable_http_proxy", 0),
    ("grpc.max_reconnect_backoff_ms", 1_000),
)
# A laptop that slept finds its connection dead within 25 s instead of the quarter of an hour TCP takes.
_CLOUD_OPTIONS = (
    *_OPTIONS,
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.http2.max_pings_without_data", 0),
)


class Connection:
    """The channels to a target and the credentials they share.

    Making one costs nothing and needs no loop. The first call loads the Google clients in a thread, finds
    credentials and dials, all of it inside the running loop; a failure is raised as a SourceError and tried
    again at the next call, so that logging in meanwhile mends it.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self._opening = asyncio.Lock()
        self._channels: dict[Api, Channel] = {}
        self._credentials: Credentials | None = None

    async def channel(self, api: Api) -> Channel:
        """The open channel of an API. Raises UnauthenticatedError where there are no credentials."""
        async with self._opening:
            if api not in self._channels:
                await load()
                self._channels[api] = self._local(api) if self.target.local else await self._cloud(api)
            return self._channels[api]

    async def account(self) -> Account:
        """Whose credentials are used, proven to work where only that tells whose they are.

        Raises UnauthenticatedError or UnreachableError.
        """
        if self.target.local:
            return NOBODY
        async with self._opening:
            credentials = await self._found()
        return await account_of(credentials)

    async def close(self) -> None:
        """Close every channel; calls under way end with an UnreachableError."""
        channels, self._channels = list(self._channels.values()), {}
        for channel in channels:
            await channel.close()

    def _local(self, api: Api) -> Channel:
        import grpc

        return grpc.aio.insecure_channel(self.target.address(api), options=_LOCAL_OPTIONS)

    async def _cloud(self, api: Api) -> Channel:
        from google.cloud.logging_v2.services.logging_service_v2.transports import (
            LoggingServiceV2GrpcAsyncIOTransport,
        )
        from google.cloud.run_v2.services.services.transports import ServicesGrpcAsyncIOTransport

        transport = ServicesGrpcAsyncIOTransport if api is Api.RUN else LoggingServiceV2GrpcAsyncIOTransport
        return transport.create_channel(
            host=f"{self.target.address(api)}:443", credentials=await self._found(), options=_CLOUD_OPTIONS
        )

    async def _found(self) -> Credentials:
        if self._credentials is None:
            self._credentials = await find_credentials(self.target.project)
        return self._credentials
