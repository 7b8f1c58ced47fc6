"""The other side's clock, as its Date header tells it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from cockpit.sources.clock import clock_skew
from cockpit.sources.errors import SourceError, UnreachableError
from cockpit.sources.target import Target
from tests.sources.local import PROJECT, REGION

if TYPE_CHECKING:
    from tests.sources.local import Cloud


async def test_clocks_that_agree(cloud: Cloud) -> None:
    skew = await clock_skew(cloud.connect().target)
    assert abs(skew.ahead) <= skew.margin < 2


@pytest.mark.parametrize("ahead", [-3600.0, 90.0])
async def test_a_clock_that_is_wrong(cloud: Cloud, ahead: float) -> None:
    skew = await clock_skew(cloud.connect().target, wall=lambda: time.time() + ahead)
    assert abs(skew.ahead - ahead) <= skew.margin < 2


async def test_nobody_there(unused_tcp_port: int) -> None:
    with pytest.raises(UnreachableError, match="could not compare clocks"):
        await clock_skew(Target(PROJECT, REGION, f"127.0.0.1:{unused_tcp_port}"))


async def test_an_answer_without_a_date() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SourceError, match="has no date"):
            await clock_skew(Target(PROJECT, REGION, f"127.0.0.1:{port}"))
