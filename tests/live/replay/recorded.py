"""Small recordings, written as a session's are: a shift in the middle, one snapshot and one scrape a second."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from google.cloud.logging_v2.types import LogEntry

from cockpit.live.metrics.targets import TargetUrl
from cockpit.live.recording.tape import Tape
from cockpit.live.recording.writing import Writer
from cockpit.live.timeline import Shares
from cockpit.release.events import Event, EventKind
from cockpit.sources.scrape import Body
from tests.tui import staged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cockpit.live.snapshot import Snapshot

BEGUN = staged.NOW.timestamp()
SECONDS = 60
SHIFTED = BEGUN + 30
"""When the canary goes from 10 to 25 percent."""

URL = TargetUrl("https://emergence-app-x7k2qa-ew.a.run.app")
NANO = 1_000_000_000


def snapshots(since: float = BEGUN, seconds: int = SECONDS) -> list[Snapshot]:
    """One a second, half a second after it."""
    return [_at(since + second + 0.5) for second in range(seconds)]


def write(
    folder: Path, *, spans: Sequence[tuple[float, int]] = ((BEGUN, SECONDS),), engine: str = "local"
) -> Path:
    """A recording of one session, in which the machine slept between the spans: begins and seconds of each."""
    ref = staged.REF
    about = {"project": ref.project, "region": ref.region, "service": ref.service, "engine": engine}
    tape = Tape.new(folder, about, BEGUN)
    writer = Writer(tape.connection, BEGUN)
    for begun, seconds in spans:
        for made in snapshots(begun, seconds):
            _second(writer, made, scraped=engine == "local")
            writer.flush(made.time + 0.25)
    for event in events():
        writer.event(event)
    writer.shares(Shares(BEGUN, SHIFTED, ((staged.STABLE, 90), (staged.CANARY, 10))))
    writer.flush(made.time + 0.25, end=True)
    tape.close()
    return tape.path


def events() -> Iterator[Event]:
    """The shift, as it was asked and as it served."""
    yield Event(SHIFTED, EventKind.TRAFFIC_ASKED, staged.CANARY, "25 %", "asked/1", "ops@example.com")
    yield Event(SHIFTED + 2, EventKind.TRAFFIC_SERVING, staged.CANARY, "25 %", "serving/1")


def _at(time: float) -> Snapshot:
    percent = 10 if time < SHIFTED else 25
    calm = staged.healthy()
    return replace(
        calm,
        at=staged.AT + time - BEGUN,
        epoch=BEGUN - staged.AT,
        service=staged.service(staged.split(stable=100 - percent, canary=percent)),
        feeds=tuple(replace(feed, fresh_at=staged.AT + time - BEGUN - 0.4) for feed in calm.feeds),
    )


def _second(writer: Writer, made: Snapshot, *, scraped: bool) -> None:
    at, second = made.time, int(made.time - BEGUN)
    writer.snapshot(made)
    if scraped:
        text = f"# TYPE requests counter\nrequests_total {10 * second}\nprocess_start_time_seconds 1\n"
        writer.scraped(URL, Body(text.encode(), "text/plain", 0.01, at))
        writer.reached(URL, at, 0.01, 2)
    entry = LogEntry(
        text_payload=f"second {second}",
        insert_id=str(second),
        timestamp=made.wall.fromtimestamp(at, made.wall.tzinfo),
        log_name="projects/p/logs/run.googleapis.com%2Fstderr",
    )
    writer.logged(at, int(at * 1000) * 1_000_000, 0, LogEntry.pb(entry).SerializeToString())
