"""Canned snapshots and a session without a world behind it, for layout and edge cases of the terminal app.

End-to-end tests use the simulator; nothing here says how Cloud Run behaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from cockpit.config import shipped
from cockpit.live.events.finder import EventFinder
from cockpit.live.events.timeline import PastTimeline
from cockpit.live.fleet.picture import FleetPicture
from cockpit.live.snapshot import (
    Arming,
    Change,
    Command,
    Feed,
    FeedState,
    Outcome,
    Phase,
    Problem,
    Sides,
    Snapshot,
)
from cockpit.live.timeline import Shares
from cockpit.release.observed import Observed
from cockpit.release.plan import Intent, Plan
from cockpit.release.service import (
    Condition,
    ConditionState,
    EnvVar,
    Revision,
    Service,
    ServiceRef,
    Template,
)
from cockpit.release.traffic import ServingTarget, Target, percents
from cockpit.tui.app import CockpitApp
from cockpit.tui.keys import DEFAULT_KEYMAP
from cockpit.tui.themes import Shelf
from tests.tui.staged_fleet import StagedWatch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from textual.pilot import Pilot

    from cockpit.live.app.picture import Application
    from cockpit.live.logs.reading import Logs
    from cockpit.live.replay.player import Player
    from cockpit.live.timeline import Memory, Timeline
    from cockpit.metrics.engine import Engine
    from cockpit.release.traffic import Split
    from cockpit.tui.keys import Keymap

NOW = datetime(2026, 11, 21, 12, 3, 44, tzinfo=UTC)
AT = 1_000.0
EPOCH = NOW.timestamp() - AT
REF = ServiceRef("emergence-469005", "europe-west1", "emergence-app")
REPOSITORY = "europe-west1-docker.pkg.dev/emergence-469005/app/emergence-app"

STABLE = "emergence-app-00275-2jb"
CANARY = "emergence-app-00279-kub"
BROKEN = "emergence-app-00276-jvb"
OLD = "emergence-app-00274-m4w"

Stage = Callable[[], Snapshot]


def ago(**age: float) -> datetime:
    """A moment before NOW: `ago(minutes=12)`."""
    return NOW - timedelta(**age)


def condition(kind: str, state: ConditionState, since: datetime, reason: str = "", message: str = "") -> Condition:
    """One condition, with its reason and message."""
    return Condition(kind, state, reason, message, since)


def revision(
    name: str, created: datetime, *, ready_after: float = 52, retired: bool = False, stamp: str = ""
) -> Revision:
    """A revision that became ready `ready_after` seconds after it was made."""
    ready = created + timedelta(seconds=ready_after)
    good = ConditionState.SUCCEEDED
    active = condition("Active", ConditionState.FAILED, ready, "RETIRED", "Revision retired.")
    return Revision(
        name=name,
        template=Template(
            image=f"{REPOSITORY}:{stamp or created:%Y%m%d-%H%M%S}@sha256:{sha256(name.encode()).hexdigest()}",
            env=(
                EnvVar("CONCEPT_RECALL_METRICS_ENABLED", "true"),
                EnvVar("PYTHONPATH", "/app"),
                EnvVar("DATABASE_PASSWORD", secret="db-password:latest"),
            ),
            cpu="2",
            memory="4Gi",
            concurrency=80,
            timeout=600.0,
            min_instances=1,
            max_instances=10,
            service_account="emergence-run@emergence-469005.iam.gserviceaccount.com",
        ),
        conditions=(
            condition("Ready", good, ready),
            active if retired else condition("Active", good, ready),
            condition("ContainerHealthy", good, ready),
            condition("ResourcesAvailable", good, ready),
        ),
        created=created,
        creator="release@emergence-469005.iam.gserviceaccount.com",
        labels=(("commit-sha", "4f1c2d9"),),
    )


def failed_revision(name: str = BROKEN, created: datetime | None = None) -> Revision:
    """A revision whose container died on start."""
    made = created or ago(days=2)
    message = (
        f"Revision '{name}' is not ready and cannot serve traffic. The user-provided container failed to start "
        "and listen on the port defined provided by the PORT=8080 environment variable within the allocated time. "
        "ModuleNotFoundError: No module named 'backend'"
    )
    bad = ConditionState.FAILED
    conditions = (
        condition("Ready", bad, made, "HEALTH_CHECK_CONTAINER_ERROR", message),
        condition("ContainerHealthy", bad, made, "HEALTH_CHECK_CONTAINER_ERROR", message),
        condition("ResourcesAvailable", ConditionState.SUCCEEDED, made),
    )
    return replace(revision(name, made), conditions=conditions)


REVISIONS = (
    revision(CANARY, ago(minutes=12)),
    failed_revision(),
    revision(STABLE, ago(days=3), ready_after=67),
    revision(OLD, ago(days=9), ready_after=61, retired=True),
    revision("emergence-app-00273-zq8", ago(days=12), ready_after=58, retired=True),
    revision("emergence-app-00272-p0d", ago(days=20), ready_after=55, retired=True),
)


def split(**percents: int) -> Split:
    """A split over the canary and the stable revision, the canary tagged."""
    targets = [Target(STABLE, percents.get("stable", 0)), Target(CANARY, percents.get("canary", 0), "canary")]
    return tuple(target for target in targets if target.percent or target.tag)


def serving(asked: Split) -> tuple[ServingTarget, ...]:
    """What serves when everything that was asked is in force."""
    return tuple(
        ServingTarget(
            target.revision or CANARY,
            target.percent,
            target.tag,
            f"https://{target.tag}---emergence-app-x7k2qa-ew.a.run.app" if target.tag else "",
            not target.revision,
        )
        for target in asked
    )


def service(asked: Split, now_serving: Split | None = None, **changes: object) -> Service:
    """The service with one split asked and another, or the same, serving."""
    made = Service(
        ref=REF,
        generation=42,
        observed_generation=42,
        etag='"CJyZ"',
        reconciling=False,
        spec=asked,
        serving=serving(asked if now_serving is None else now_serving),
        template=REVISIONS[0].template,
        conditions=(condition("Ready", ConditionState.SUCCEEDED, ago(minutes=12)),),
        uri="https://emergence-app-x7k2qa-ew.a.run.app",
        urls=(
            "https://emergence-app-x7k2qa-ew.a.run.app",
            "https://emergence-app-469005123456.europe-west1.run.app",
        ),
        latest_ready=CANARY,
        latest_created=CANARY,
        creator="ops@example.com",
        last_modifier="ops@example.com",
        created=ago(days=200),
        updated=ago(minutes=12),
        ingress="all",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def observed(stable: int = 1096, canary: int = 108) -> Observed:
    """Requests of the last minute."""
    return Observed(
        window=60.0,
        total=stable + canary,
        by_revision=((STABLE, stable), (CANARY, canary)),
        instances=((STABLE, 4), (CANARY, 1)),
        errors=((CANARY, 16), (STABLE, 4)),
    )


def change(**given: object) -> Change:
    """A shift of the canary from 0 to 10 percent that was applied."""
    made = Change(
        id=7,
        ref=REF,
        intent=Intent.SHIFT,
        before=split(stable=100),
        after=split(stable=90, canary=10),
        phase=Phase.DONE,
        actor="ops@example.com",
        started=ago(minutes=6),
        outcome=Outcome.APPLIED,
        generation=41,
        generation_after=42,
        time_to_serving=3.4,
    )
    return replace(made, **given)  # type: ignore[arg-type]


HISTORY = (
    change(),
    change(
        id=6,
        intent=Intent.ROLLBACK,
        before=split(stable=75, canary=25),
        after=split(stable=100),
        started=ago(minutes=41),
        time_to_serving=2.8,
    ),
    change(
        id=5,
        before=split(stable=90, canary=10),
        after=split(stable=75, canary=25),
        started=ago(minutes=58),
        outcome=Outcome.FAILED,
        time_to_serving=None,
        problem=Problem("failed", "emergence-app-00276-jvb is not ready and cannot serve traffic"),
    ),
)

COMMANDS = (
    Command(
        ago(minutes=6),
        "gcloud run services update-traffic emergence-app --to-revisions=emergence-app-00275-2jb=90,"
        "emergence-app-00279-kub=10 --region=europe-west1 --project=emergence-469005",
        "serving after 3.4 s",
    ),
    Command(ago(seconds=2), "gcloud run services describe emergence-app --region=europe-west1", "generation 42"),
)


def live(name: str, age: float = 0.4) -> Feed:
    """A feed that answered `age` seconds ago."""
    return Feed(name, FeedState.LIVE, AT - age)


FEEDS = (live("service"), live("revisions", 2.0), live("requests", 0.2))


def healthy() -> Snapshot:
    """90/10, serving what was asked, armed by nobody."""
    asked = split(stable=90, canary=10)
    return Snapshot(
        at=AT,
        ref=REF,
        wall=NOW,
        service=service(asked),
        revisions=REVISIONS,
        observed=observed(),
        feeds=FEEDS,
        history=HISTORY,
        commands=COMMANDS,
        rollback=split(stable=100),
        undo=HISTORY[0],
        epoch=EPOCH,
    )


def armed() -> Snapshot:
    """Healthy, with 4 min 31 s of arming left."""
    return replace(healthy(), arming=Arming(until=AT + 271))


def reconciling() -> Snapshot:
    """A shift from 90/10 to 75/25 was written four seconds ago and does not serve yet."""
    before, after = split(stable=90, canary=10), split(stable=75, canary=25)
    under_way = change(
        id=8,
        before=before,
        after=after,
        phase=Phase.VERIFYING,
        started=ago(seconds=4),
        began=AT - 4.0,
        outcome=None,
        time_to_serving=None,
    )
    still = service(after, before, reconciling=True, generation=43)
    return replace(armed(), service=still, change=under_way)


def applied() -> Snapshot:
    """The shift to 75/25 serves since two seconds; requests of the last minute still say otherwise."""
    after = split(stable=75, canary=25)
    ended = change(id=8, before=split(stable=90, canary=10), after=after, began=AT - 5.4, ended=AT - 2.0)
    return replace(armed(), service=service(after), change=ended)


def failed() -> Snapshot:
    """A shift onto a revision that never became ready: Cloud Run refused it, the old split serves."""
    asked = split(stable=90, canary=10)
    why = Problem("failed", f"{BROKEN} is not ready and cannot serve traffic", "choose a revision that is ready")
    ended = change(id=8, began=AT - 6, ended=AT - 3, outcome=Outcome.FAILED, problem=why, time_to_serving=None)
    return replace(armed(), service=service(asked), change=ended)


def overtaken() -> Snapshot:
    """Somebody else's write landed between our read and our write."""
    planned, asked, found = split(stable=90, canary=10), split(stable=75, canary=25), split(stable=50, canary=50)
    sides = Sides(planned, asked, found, 44, "ci@emergence-469005.iam.gserviceaccount.com")
    ended = change(
        id=8,
        before=planned,
        after=asked,
        began=AT - 6,
        ended=AT - 3,
        outcome=Outcome.OVERTAKEN,
        sides=sides,
        time_to_serving=None,
        problem=Problem("overtaken", "ci@emergence-469005.iam.gserviceaccount.com wrote in between"),
    )
    return replace(armed(), service=service(found, generation=44), change=ended)


def stale() -> Snapshot:
    """Nothing was heard for 35 seconds."""
    why = Problem("unreachable", "no answer from 127.0.0.1:8085: connection refused", "is the simulator running?")
    feeds = (
        Feed("service", FeedState.STALE, AT - 35, why, AT + 3),
        Feed("revisions", FeedState.STALE, AT - 41, why, AT + 3),
        Feed("requests", FeedState.FAILED, AT - 36, why, AT + 5),
    )
    return replace(healthy(), feeds=feeds, arming=Arming(ended="data is 35 s old"))


def empty() -> Snapshot:
    """Before the first answer."""
    feeds = (Feed("service"), Feed("revisions"), Feed("requests"))
    return Snapshot(
        at=AT, ref=REF, wall=NOW, feeds=feeds, arming=Arming(ended="nothing was read yet"), epoch=EPOCH
    )


def hostile(text: str) -> Snapshot:
    """Healthy, with `text` wherever the outside can put words."""
    calm = healthy()
    assert calm.service is not None
    odd = replace(
        failed_revision(f"emergence-app-00280-{text}"),
        conditions=(condition("Ready", ConditionState.FAILED, NOW, text, text),),
        creator=text,
        labels=((text, text),),
    )
    target = ServingTarget(f"emergence-app-00281-{text}", 10, text, text)
    strange = replace(calm.service, last_modifier=text, serving=(*calm.service.serving[:1], target), uri=text)
    problem = Problem("unreachable", text, text)
    return replace(
        calm,
        ref=replace(REF, service=text, project=text, region=text),
        service=strange,
        revisions=(odd, *calm.revisions),
        feeds=(Feed("service", FeedState.STALE, AT - 35, problem), *FEEDS[1:]),
        history=(change(actor=text, problem=problem, outcome=Outcome.FAILED), *HISTORY),
        commands=(Command(NOW, text, text), *COMMANDS),
    )


@dataclass
class StagedDoor:
    """Plans by the real arithmetic's shapes, writes nowhere: every change ends as `ending` says."""

    session: StagedSession
    ending: Change = field(default_factory=change)
    applied: list[tuple[Plan, str]] = field(default_factory=list)

    def _plan(self, intent: Intent, after: Split) -> Plan:
        now = self.session.snapshot.service
        assert now is not None
        return Plan(now.ref, intent, now.spec, after, now.generation, now.etag, now.latest_ready)

    def plan_shift(self, percents: Mapping[str, int]) -> Plan:
        """As `percents` say; tags stay where they are."""
        now = self.session.snapshot.service
        assert now is not None
        tags = {target.revision: target.tag for target in now.spec if target.tag}
        after = tuple(Target(name, percent, tags.pop(name, "")) for name, percent in percents.items())
        kept = tuple(Target(name, 0, tag) for name, tag in tags.items())
        return self._plan(Intent.SHIFT, after + kept)

    def plan_promote(self, revision: str) -> Plan:
        """All traffic to one revision."""
        return replace(self.plan_shift({revision: 100}), intent=Intent.PROMOTE)

    def plan_rollback(self) -> Plan:
        """To the snapshot's rollback split."""
        assert self.session.snapshot.rollback is not None
        return self._plan(Intent.ROLLBACK, self.session.snapshot.rollback)

    def plan_undo(self) -> Plan:
        """To the split before the snapshot's undo change."""
        assert self.session.snapshot.undo is not None
        return self._plan(Intent.UNDO, self.session.snapshot.undo.before)

    def plan_tag(self, tag: str, revision: str) -> Plan:
        """One tag moved, added or taken away."""
        now = self.session.snapshot.service
        assert now is not None
        kept = tuple(target for target in now.spec if target.tag != tag)
        return self._plan(Intent.TAG, (*kept, Target(revision, 0, tag)) if revision else kept)

    def arm(self) -> None:
        """Armed for five minutes."""
        self.session.put(replace(self.session.snapshot, arming=Arming(until=self.session.snapshot.at + 300)))

    def disarm(self) -> None:
        """Read-only again."""
        self.session.put(replace(self.session.snapshot, arming=Arming()))

    async def apply(self, plan: Plan, confirmation: str = "") -> Change:
        """Note the plan and what was typed, and end it as staged."""
        self.applied.append((plan, confirmation))
        ended = replace(self.ending, intent=plan.intent, before=plan.before, after=plan.after)
        now = self.session.snapshot
        after = service(plan.after) if ended.outcome is Outcome.APPLIED else now.service
        self.session.put(replace(now, service=after, change=ended, history=(ended, *now.history)))
        return ended


def past(snapshot: Snapshot) -> PastTimeline:
    """What a snapshot tells of what was before, and its split serving for twenty minutes but for a gap."""
    found = EventFinder().look(snapshot)
    if snapshot.service is None:
        return PastTimeline((), ())
    now = snapshot.epoch + snapshot.at
    shares = tuple(sorted(percents(snapshot.service.serving).items(), key=lambda pair: -pair[1]))
    spans = (Shares(now - 1200, now - 600, shares), Shares(now - 480, now, shares))
    return PastTimeline([*found.seen, *found.told], spans)


class StagedSession:
    """A session whose snapshots are put there by hand."""

    def __init__(self, snapshot: Snapshot, engine: Engine | None = None, logs: Logs | None = None) -> None:
        self.engine = engine
        self.logs = logs
        self.timeline: Timeline | None = past(snapshot)
        self.memory: Memory | None = None
        self.player: Player | None = None
        self.app: Application | None = None
        self._snapshot = snapshot
        self._watchers: list[Callable[[Snapshot], None]] = []
        self.staged_door = StagedDoor(self)
        self.refreshed = 0
        self.running = False

    @property
    def snapshot(self) -> Snapshot:
        """The newest one put."""
        return self._snapshot

    @property
    def door(self) -> StagedDoor:
        """The door that writes nowhere."""
        return self.staged_door

    @property
    def watched(self) -> bool:
        """Whether anybody is subscribed."""
        return bool(self._watchers)

    def put(self, snapshot: Snapshot) -> None:
        """Publish a snapshot."""
        self._snapshot = snapshot
        for watcher in tuple(self._watchers):
            watcher(snapshot)

    def now(self) -> float:
        """The newest snapshot's moment: time stands still between two puts."""
        return self._snapshot.at

    def subscribe(self, changed: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `changed` after every put."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed)

    async def start(self) -> None:
        """Run."""
        self.running = True

    async def stop(self) -> None:
        """Stop."""
        self.running = False

    def refresh(self) -> None:
        """Count."""
        self.refreshed += 1


class StagedFleet:
    """A project with as many services as asked for."""

    def __init__(self, count: int = 300) -> None:
        self.count = count
        self.watch = StagedWatch(FleetPicture(AT, NOW))

    async def services(self) -> tuple[Service, ...]:
        """The services, all healthy."""
        asked = split(stable=90, canary=10)
        names = (f"{word}-{number:03}" for number in range(self.count) for word in ("api", "web", "jobs"))
        refs = [replace(REF, service=name) for name, _ in zip(names, range(self.count), strict=False)]
        return tuple(service(asked, ref=ref) for ref in refs)

    def session(self, ref: ServiceRef) -> StagedSession:
        """A healthy session on one of them."""
        calm = healthy()
        assert calm.service is not None
        return StagedSession(replace(calm, ref=ref, service=replace(calm.service, ref=ref)))


def cockpit(
    snapshot: Snapshot | None,
    theme: str = "dark",
    *,
    engine: Engine | None = None,
    logs: Logs | None = None,
    keymap: Keymap = DEFAULT_KEYMAP,
    themes: Path | None = None,
) -> CockpitApp:
    """The app on a staged session, or on none, with a fleet to pick from and a wall clock that stands still."""
    shelf = Shelf([folder for folder in (themes, shipped("themes")) if folder])

    async def connect() -> tuple[StagedSession | None, StagedFleet]:
        return StagedSession(snapshot, engine, logs) if snapshot else None, StagedFleet()

    return CockpitApp(connect, shelf=shelf, theme=theme, keymap=keymap, wall=lambda: NOW)


async def until(pilot: Pilot[None], holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the app run until something holds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not holds():
            await pilot.pause(0.01)
