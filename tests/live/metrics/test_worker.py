"""The one thread for samples: work in order, and what becomes of it when a session ends."""

from __future__ import annotations

import asyncio
import threading

import pytest

from cockpit.live.metrics.worker import Worker


async def test_work_is_done_in_order_and_its_errors_are_raised() -> None:
    worker = Worker()
    done: list[int] = []
    await asyncio.gather(*(worker.do(done.append, number) for number in range(5)))
    assert done == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="invalid literal"):
        await worker.do(int, "no number")
    worker.close()


async def test_a_closed_worker_drops_what_waits_and_what_comes_later() -> None:
    worker, go_on = Worker(), threading.Event()
    running = asyncio.ensure_future(worker.do(go_on.wait, 10))
    waiting = asyncio.ensure_future(worker.do(threading.get_ident))
    await asyncio.sleep(0)
    worker.close()
    go_on.set()
    assert await running is True
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(asyncio.CancelledError):
        await worker.do(threading.get_ident)
