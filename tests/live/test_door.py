"""The door, end to end: a session over the real sources against the local Cloud Run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.snapshot import Outcome, Phase
from cockpit.live.waiting import until
from cockpit.release.traffic import Target, percents

if TYPE_CHECKING:
    from conftest import Cloud

STABLE, CANARY = "emergence-app-00275-2jb", "emergence-app-00279-kub"


async def test_a_shift_is_made_followed_and_journalled(cloud: Cloud) -> None:
    session = await cloud.armed()
    change = await session.door.apply(session.door.plan_shift({CANARY: 10}))
    assert change.outcome is Outcome.APPLIED, change
    assert change.problem is None
    print(change, session.snapshot.commands)
