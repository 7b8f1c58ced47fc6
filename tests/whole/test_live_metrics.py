"""Live metrics of real processes behind a local Cloud Run: what is read of each revision, and why nothing is."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from cockpit import config
from cockpit.tui.views.signal_reasons import reasons
from cockpit.tui.views.signal_rows import pair
from cockpit.wiring.outside import wired
from tests.simulated import running_simulator, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from cockpit.live.assembly import LiveSession
    from cockpit.metrics.signals.reading import Estimate, Reading
    from tests.simulated import Local

pytestmark = pytest.mark.slow

STABLE, CANARY = "emergence-app-00275-2jb", "emergence-app-00279-kub"
PATIENCE = 100.0


def settings_in(folder: Path, more: str) -> Path:
    """A file of settings, with journal and log beside it."""
    folder.mkdir(exist_ok=True)
    path = folder / "config.toml"
    path.write_text(f'[journal]\npath = "{folder / "journal"}"\n[log]\nfile = "{folder / "log"}"\n{more}')
    return path


@asynccontextmanager
async def session_on(local: Local, folder: Path, more: str = "") -> AsyncIterator[LiveSession]:
    """A session on that service, as the terminal has it; `more` are settings."""
    path = settings_in(folder, more)
    where = {"endpoint": local.endpoint, "project": local.project, "region": local.region, "name": local.service}
    settings = config.load(path, {}, {f"service.{key}": (value, f"--{key}") for key, value in where.items()})
    async with wired(settings, metrics=True) as outside:
        session = outside.session(local.service)
        await session.start()
        try:
            yield session
        finally:
            await session.stop()


def read(session: LiveSession) -> tuple[Reading, ...]:
    """Every signal as it was read last."""
    return session.snapshot.metrics.readings if session.snapshot.metrics else ()


def estimates(session: LiveSession, revision: str) -> dict[str, Estimate]:
    """What was read of a revision, by signal."""
    return {one.signal.id: one.estimates[revision] for one in read(session) if revision in one.estimates}


def errors(session: LiveSession, revision: str) -> float:
    """The share of a revision's analyses that fails."""
    found = estimates(session, revision).get("errors")
    return found.value if found else 0.0


def why(session: LiveSession) -> str:
    """What the pane says stands between the reader and fresh numbers."""
    seen = session.snapshot.metrics
    return "\n".join(reasons(session.snapshot, seen, pair(seen, ""))) if seen else ""


async def test_a_bad_canary_fails_before_our_eyes(tmp_path: Path) -> None:
    """Without any settings: both revisions found and told apart, and the share that fails is the canary's."""
    with running_simulator("bad-canary") as local:
        async with session_on(local, tmp_path) as session:
            await until(lambda: bool(estimates(session, STABLE)) and not why(session), PATIENCE)
            await until(lambda: errors(session, CANARY) > errors(session, STABLE) + 0.02, PATIENCE)


async def test_metrics_that_are_switched_off_say_so_themselves(tmp_path: Path) -> None:
    """And the stable revision, which shares the service's URL with them, has its numbers."""
    with running_simulator("metrics-disabled") as local:
        async with session_on(local, tmp_path) as session:
            await until(lambda: "CONCEPT_RECALL_METRICS_ENABLED" in why(session), PATIENCE)
            await until(lambda: bool(estimates(session, STABLE)), PATIENCE)
            assert not estimates(session, CANARY)
