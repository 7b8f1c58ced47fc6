"""The fault policy by itself: who is refused, delayed, held or left without an answer."""

from __future__ import annotations

import asyncio

import pytest
from google.rpc import code_pb2

from cockpit.simulator.faults import Call, Faults, Flaky, Quota
from cockpit.simulator.world import WorldError
from cockpit.simulator.world.errors import UnavailableError

READ = Call("GetService", "run.services.get", "projects/p/locations/r/services/s")
WRITE = Call("UpdateService", "run.services.update", "projects/p/locations/r/services/s", write=True)


async def code(faults: Faults, call: Call) -> int:
    """What a call meets: a `google.rpc.Code`, OK when nothing."""
    try:
        async with faults.around(call):
            return int(code_pb2.OK)
    except WorldError as error:
        return error.code


async def test_by_default_nothing_goes_wrong() -> None:
    faults = Faults()
    assert [await code(faults, READ) for _ in range(50)] == [code_pb2.OK] * 50
    assert faults.calls == {"GetService": 50}


async def test_a_withheld_permission_is_named_as_google_names_it() -> None:
    faults = Faults(withheld={"run.services.update"})
    with pytest.raises(WorldError) as caught:
        async with faults.around(WRITE):
            pass
    assert str(caught.value) == (
        "Permission 'run.services.update' denied on resource "
        "'projects/p/locations/r/services/s' (or resource may not exist)."
    )
    assert await code(faults, READ) == code_pb2.OK


async def test_a_flaky_control_plane_is_the_same_for_the_same_seed() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def run(seed: int) -> list[int]:
        faults = Faults(flaky=Flaky(unavailable=0.2, throttled=0.1, slow=0.2), seed=seed, sleep=sleep)
        return [await code(faults, READ) for _ in range(500)]

    first, again, other = await run(1), await run(1), await run(2)
    assert first == again != other
    assert 60 < first.count(code_pb2.UNAVAILABLE) < 140
    assert 25 < first.count(code_pb2.RESOURCE_EXHAUSTED) < 80
    assert len(slept) > 150
    assert all(0.5 <= seconds <= 3.0 for seconds in slept)


async def test_reads_and_writes_have_quotas_of_their_own_that_refill() -> None:
    now = 0.0
    faults = Faults(quota=Quota(reads=3, writes=1), clock=lambda: now)
    assert [await code(faults, READ) for _ in range(4)] == [0, 0, 0, code_pb2.RESOURCE_EXHAUSTED]
    assert [await code(faults, WRITE) for _ in range(2)] == [0, code_pb2.RESOURCE_EXHAUSTED]
    now = 60.0
    assert [await code(faults, READ), await code(faults, WRITE)] == [0, 0]


async def test_single_calls_can_be_refused_held_and_left_unanswered() -> None:
    slept = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    faults = Faults(sleep=sleep)
    faults.refuse_next("UpdateService", UnavailableError("Not now."))
    assert [await code(faults, READ), await code(faults, WRITE), await code(faults, WRITE)] == [0, 14, 0]

    held = faults.hold_next("UpdateService")
    call = asyncio.create_task(code(faults, WRITE))
    await held.arrived.wait()
    assert not call.done()
    held.released.set()
    assert await call == code_pb2.OK

    applied = []
    faults.leave_unanswered("UpdateService", 30.0)
    with pytest.raises(WorldError, match="Deadline"):
        async with faults.around(WRITE):
            applied.append(True)
    assert (applied, slept) == ([True], [30.0])
    assert await code(faults, WRITE) == code_pb2.OK


async def test_everything_can_be_down() -> None:
    faults = Faults(down=True)
    assert await code(faults, READ) == code_pb2.UNAVAILABLE
    faults.down = False
    assert await code(faults, READ) == code_pb2.OK
