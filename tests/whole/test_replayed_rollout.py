"""A rollout on a local Cloud Run, recorded and replayed: snapshots to the byte, answers and log entries."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest

from cockpit import config
from cockpit.live.clock import Clock
from cockpit.live.recording.packing import pack
from cockpit.live.recording.secrets import Redactor
from cockpit.live.snapshot import Outcome
from cockpit.wiring.outside import wired
from cockpit.wiring.replay import opened
from tests.simulated import running_simulator, until

if TYPE_CHECKING:
    from pathlib import Path

    from cockpit.config import Settings
    from cockpit.live.assembly import LiveSession
    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from tests.simulated import Local

pytestmark = pytest.mark.slow

STABLE, CANARY = "emergence-app-00275-2jb", "emergence-app-00279-kub"
EXPRESSIONS = (
    "sum by (revision, tag) (memory_analysis_success_total)",
    "sum by (revision) (rate(memory_analysis_duration_seconds_count[30s]))",
    "count by (revision) (process_start_time_seconds)",
    "up",
)
PATIENCE = 100.0


def settings_for(local: Local, folder: Path) -> Settings:
    """The cockpit on that service, with nothing kept outside of the folder."""
    path = folder / "config.toml"
    kept = {"journal": "path", "recording": "folder", "log": "file"}
    path.write_text("".join(f'[{name}]\n{key} = "{folder / name}"\n' for name, key in kept.items()))
    where = {"endpoint": local.endpoint, "project": local.project, "region": local.region, "name": local.service}
    return config.load(path, {}, {f"service.{key}": (value, f"--{key}") for key, value in where.items()})


async def answers(session: Session, at: int) -> list[object]:
    """What PromQL has to say of a moment (epoch milliseconds), labels and values."""
    assert session.engine is not None
    found = [(await session.engine.instant(expression, at)).samples for expression in EXPRESSIONS]
    assert all(found), "there is something to compare"
    return [sorted((each.labels, each.value) for each in samples) for samples in found]


def rows(session: Session) -> list[tuple[int, str, str]]:
    """What the log has: moment, revision and text of every entry."""
    assert session.logs is not None
    store = session.logs.store
    found = (store.row(int(each)) for each in store.order)
    return sorted((row.time, row.revision, row.text) for row in found)


def without_secrets(snapshot: Snapshot) -> Snapshot:
    """As it is recorded."""
    redactor = Redactor()
    return replace(
        snapshot, **{each.name: redactor.redacted(getattr(snapshot, each.name)) for each in fields(snapshot)}
    )


def recorded_by(settings: Settings) -> Path:
    """The one recording there is."""
    (path,) = settings.recordings_folder.glob("*.cockpit")
    return path


async def rolled_out(session: LiveSession) -> None:
    """A quarter of the traffic for the canary, and signals read after it. Raises TimeoutError."""
    await until(lambda: session.snapshot.service is not None, PATIENCE)
    session.door.arm()
    change = await session.door.apply(session.door.plan_shift({CANARY: 25}))
    assert change.outcome is Outcome.APPLIED
    since = session.now()

    def read() -> bool:
        metrics = session.snapshot.metrics
        return metrics is not None and (metrics.read_at or 0.0) > since + 3 and bool(metrics.readings)

    await until(read, PATIENCE)


async def test_a_replayed_rollout_is_the_live_one(tmp_path: Path) -> None:
    published: dict[float, Snapshot] = {}
    with running_simulator("healthy") as local:
        settings = settings_for(local, tmp_path)
        async with wired(settings, metrics=True, logs=True, recording=True) as outside:
            session = outside.session(local.service)
            session.subscribe(lambda snapshot: published.update({snapshot.time: snapshot}))
            await session.start()
            try:
                await rolled_out(session)
                at = round(1000 * session.snapshot.time)
                live_answers, live_rows = await answers(session, at), rows(session)
            finally:
                await session.stop()
    replay = opened(settings, recorded_by(settings), Clock())
    await replay.start()
    try:
        assert len(published) > 10
        for time, snapshot in published.items():
            await replay.show(time)
            assert pack(replay.snapshot) == pack(without_secrets(snapshot))
        await until(lambda: replay.player.read == 1.0, PATIENCE)
        assert await answers(replay, at) == live_answers
        # The last entries may have come between the look at them and the end.
        assert set(live_rows) <= set(rows(replay))
    finally:
        await replay.stop()
