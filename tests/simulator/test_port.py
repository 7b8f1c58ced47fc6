"""One port for all: who is sent where, what each is told, and how quickly it all ends."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from typing import TYPE_CHECKING

import grpc
import httpx
import pytest

from cockpit.simulator.port import Port, PortInUseError, listen
from tests.simulator.plane import APP, PARENT, Plane, serving, template

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """A data plane that says which host and path it was asked for."""
    assert (await receive())["type"] == "http.request"
    host = dict(scope["headers"])[b"host"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": host + scope["raw_path"] + b"?" + scope["query_string"]})


async def exchange(port: int, *chunks: bytes) -> bytes:
    """What comes back when these chunks are sent one after the other, until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for chunk in chunks:
        writer.write(chunk)
        await writer.drain()
        await asyncio.sleep(0)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer


def one_by_one(text: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in text]


@pytest.mark.parametrize("verb", [b"GET", b"POST", b"PUT", b"PATCH", b"PROPFIND"])
async def test_http_is_known_even_byte_by_byte(plane: Plane, verb: bytes) -> None:
    request = verb + b" /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
    assert (await exchange(plane.port, *one_by_one(request))).startswith(b"HTTP/1.1 404")


async def test_tls_is_refused_with_an_alert(plane: Plane) -> None:
    context = ssl.create_default_context()
    with pytest.raises(ssl.SSLError, match=r"(?i)handshake.failure"):
        await asyncio.open_connection("127.0.0.1", plane.port, ssl=context)


async def test_garbage_is_a_bad_request(plane: Plane) -> None:
    assert (await exchange(plane.port, b"\x00\x01\x02 nonsense\r\n\r\n")).startswith(b"HTTP/1.1 400")


async def test_a_client_that_hangs_up_while_unknown_leaves_nothing(plane: Plane) -> None:
    for head in (b"", b"P", b"PRI * HTT", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
        _, writer = await asyncio.open_connection("127.0.0.1", plane.port)
        writer.write(head)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    assert (await plane.services.get_service(name=APP)).name == APP


@pytest.mark.parametrize(
    ("target", "host", "answer"),
    [
        ("/api/health?x=1", "app.localhost", b"app.localhost/api/health?x=1"),
        ("/a%2Fb", "canary---app.localhost:80", b"canary---app.localhost:80/a%2Fb?"),
        ("http://app.localhost:99/a%20b?x=%3F", "proxy", b"app.localhost:99/a%20b?x=%3F"),
        ("http://app.localhost", "proxy", b"app.localhost/?"),
        ("/", "App.LocalHost", b"App.LocalHost/?"),
    ],
)
async def test_the_host_decides_whom_a_request_is_for(target: str, host: str, answer: bytes) -> None:
    async with serving(front=echo) as plane:
        request = f"GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
        assert (await exchange(plane.port, request.encode())).endswith(b"\r\n" + answer + b"\r\n0\r\n\r\n")


async def test_a_proxied_request_reaches_the_control_plane(plane: Plane) -> None:
    async with httpx.AsyncClient(trust_env=False, proxy=f"http://{plane.target}") as client:
        response = await client.get(f"http://run.sim/v2/{PARENT}/services")
    assert response.json()["services"][0]["name"] == APP


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "run.sim", "notlocalhost"])
async def test_other_hosts_are_the_control_plane(host: str) -> None:
    async with serving(front=echo) as plane, httpx.AsyncClient(trust_env=False) as client:
        response = await client.get(f"http://{plane.target}/nowhere", headers={"host": host})
        assert response.json()["error"]["status"] == "NOT_FOUND"


async def test_without_a_data_plane_services_say_so(plane: Plane) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        response = await client.get(f"http://{plane.target}/", headers={"host": "app.localhost"})
    assert (response.status_code, response.text) == (404, "nothing runs here: the control plane is alone\n")


async def test_long_answers_come_through_the_relay_whole(plane: Plane) -> None:
    body = template("x:1", annotations={"filler": "x" * 2_000_000})
    await plane.services.update_service(
        {"service": {"name": APP, "template": body}, "update_mask": {"paths": ["template"]}}
    )
    got = await asyncio.gather(*(plane.services.get_service(name=APP) for _ in range(5)))
    assert [len(service.template.annotations["filler"]) for service in got] == [2_000_000] * 5


def test_a_port_in_use_is_told_plainly() -> None:
    with listen() as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUseError, match=rf"cannot listen on 127\.0\.0\.1:{port}: .*in use"):
            listen(port)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_out_of_range_is_told_plainly(port: int) -> None:
    with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}"):
        listen(port)


async def test_closing_takes_less_than_a_second_whatever_is_under_way(caplog: pytest.LogCaptureFixture) -> None:
    async with contextlib.AsyncExitStack() as stack:
        plane = await stack.enter_async_context(serving())
        await exchange_nothing(plane.port, stack)
        held = [plane.faults.hold_next(method) for method in ("GetService", "ListServices")]
        rpc = asyncio.ensure_future(plane.services.get_service(name=APP))
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        rest = asyncio.create_task(client.get(f"http://{plane.target}/v2/{PARENT}/services"))
        for each in held:
            await each.arrived.wait()
        started = time.monotonic()
    assert time.monotonic() - started < 1.0
    outcomes = await asyncio.gather(rpc, rest, return_exceptions=True)
    assert all(isinstance(each, BaseException) for each in outcomes)
    assert caplog.text == ""


async def exchange_nothing(port: int, stack: contextlib.AsyncExitStack) -> None:
    """Open a connection that stays silent until the stack ends."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    stack.callback(writer.close)


async def test_the_port_is_free_again_after_closing() -> None:
    async with serving() as plane:
        port = plane.port
        assert (await plane.services.get_service(name=APP)).name == APP
    with listen(port):
        pass
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(channel.channel_ready(), 0.2)


async def test_small_answers_are_not_delayed() -> None:
    """Nagle's algorithm would hold every second packet of an answer back for 40 ms."""
    connected: asyncio.Future[asyncio.Transport] = asyncio.get_running_loop().create_future()

    class Connection(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            connected.set_result(transport)

    listener = listen()
    port = Port(listener, grpc_port=0, http=Connection)
    await port.open()
    _, writer = await asyncio.open_connection("127.0.0.1", listener.getsockname()[1])
    writer.write(b"GET")
    transport = await connected
    assert transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    transport.abort()
    writer.close()
    port.close()
