"""The log service on real sockets, and entries as Cloud Run writes them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import grpc
import pytest
import uvicorn
from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2AsyncClient
from google.cloud.logging_v2.services.logging_service_v2.transports import LoggingServiceV2GrpcAsyncIOTransport
from starlette.applications import Starlette

from cockpit.simulator.logs import LogStore, handlers, routes
from cockpit.simulator.logs.errors import BeforeCall, no_faults
from cockpit.simulator.logs.messages import LogEntry

PROJECT = "emergence-469005"

Make: TypeAlias = Callable[..., Any]
Clients: TypeAlias = Callable[..., Awaitable[LoggingServiceV2AsyncClient]]


class Clock:
    """Unix seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def entry() -> Make:
    """Makes a raw LogEntry as Cloud Run writes it, `at` in Unix nanoseconds; keywords override its fields."""

    def make(
        text: str = "hello",
        *,
        log: str = "stderr",
        revision: str = "emergence-app-00275-2jb",
        at: int | None = None,
        **fields: Any,
    ) -> Any:
        made = LogEntry(log_name=f"projects/{PROJECT}/logs/run.googleapis.com%2F{log}")
        made.resource.type = "cloud_run_revision"
        made.resource.labels.update(
            project_id=PROJECT, service_name="emergence-app", revision_name=revision, location="europe-west1"
        )
        made.labels["instanceId"] = "0069c7a988"
        if "json_payload" not in fields:
            made.text_payload = text
        if at is not None:
            made.timestamp.FromNanoseconds(at)
        for name, value in fields.items():
            if isinstance(value, dict):
                getattr(made, name).update(value)
            else:
                setattr(made, name, value)
        return made

    return make


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Waits for what the server does in its own time, as opening a session."""

    async def wait(happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not happened():  # noqa: ASYNC110 - the server has no event for its clients
                await asyncio.sleep(0)

    return wait


@pytest.fixture
async def grpc_target() -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """Serves a store over gRPC and answers with HOST:PORT."""
    servers: list[grpc.aio.Server] = []

    async def serve(store: LogStore, before_call: BeforeCall = no_faults) -> str:
        server = grpc.aio.server()
        server.add_generic_rpc_handlers(tuple(handlers(store, before_call)))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        servers.append(server)
        return f"127.0.0.1:{port}"

    yield serve
    for server in servers:
        await server.stop(None)


@pytest.fixture
async def client(grpc_target: Callable[..., Awaitable[str]]) -> AsyncIterator[Clients]:
    """A stock asyncio client on a store."""
    channels: list[grpc.aio.Channel] = []

    async def connect(store: LogStore, before_call: BeforeCall = no_faults) -> LoggingServiceV2AsyncClient:
        channel = grpc.aio.insecure_channel(await grpc_target(store, before_call))
        channels.append(channel)
        return LoggingServiceV2AsyncClient(transport=LoggingServiceV2GrpcAsyncIOTransport(channel=channel))

    yield connect
    for channel in channels:
        await channel.close()


@pytest.fixture
async def rest_url() -> AsyncIterator[Callable[..., str]]:
    """Serves a store over HTTP and answers with http://HOST:PORT."""
    running: list[tuple[uvicorn.Server, asyncio.Task[None]]] = []

    def serve(store: LogStore, before_call: BeforeCall = no_faults) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        app = Starlette(routes=routes(store, before_call))
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
        running.append((server, asyncio.create_task(server.serve([listener]))))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for server, task in running:
        server.should_exit = True
        await task
