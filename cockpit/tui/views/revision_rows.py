"""What the revisions pane says of each revision, which of them it shows, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.live.agreement import asked, serving
from cockpit.release.plan import gains
from cockpit.release.state import (
    Standing,
    State,
    age,
    revision_tag,
    short_digest,
    short_name,
    standing,
    time_to_ready,
)
from cockpit.release.traffic import pin
from cockpit.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Revision

MOVED_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Row:
    """One revision as the pane shows it. Percents are whole; ages and times in seconds; rates per minute.

    `moved` marks what a change gives to or takes from, while it is on its way and some seconds after.
    """

    name: str
    short: str
    standing: Standing
    asked: int = 0
    serving: int = 0
    tags: str = ""
    age: float | None = None
    ready: float | None = None
    image: str = ""
    digest: str = ""
    instances: int = 0
    requests: float = 0.0
    error_share: float | None = None
    resources: str = ""
    scaling: str = ""
    creator: str = ""
    created: str = ""
    runs_as: str = ""
    moved: bool = False

    @property
    def retired(self) -> bool:
        """Whether it stands for nothing now: folded away unless asked for."""
        quiet = not (self.asked or self.serving or self.tags or self.requests)
        return quiet and self.standing.state is State.RETIRED

    @property
    def haystack(self) -> str:
        """What a filter looks in."""
        words = (self.name, str(self.standing), self.tags, self.image, self.digest, self.creator)
        return " ".join(words).casefold()


def rows(snapshot: Snapshot) -> list[Row]:
    """Every revision, those that serve first (most traffic first), then newest first."""
    service = snapshot.service
    if service is None:
        return []
    shares = asked(service), serving(service)
    tags: dict[str, list[str]] = {}
    for target in service.serving:
        if target.tag:
            tags.setdefault(target.revision, []).append(clean(target.tag))
    seen = _Seen(snapshot)
    made = [
        _row(revision, snapshot, shares, " ".join(tags.get(revision.name, ())), seen)
        for revision in snapshot.revisions
    ]
    return sorted(made, key=lambda row: (-row.serving, -row.asked))


def stands_now(snapshot: Snapshot, revision: Revision) -> Standing:
    """How a revision stands; one that failed, with what it said last where its condition does not say why."""
    stands = standing(revision, snapshot.service.serving if snapshot.service else ())
    last = snapshot.last_words.get(revision.name, "") if stands.state is State.FAILED else ""
    return Standing(stands.state, last) if last else stands


def visible(every: list[Row], wanted: str, *, unfolded: bool) -> tuple[list[Row], int]:
    """The rows to show for the words of a filter, and how many retired ones are folded away.

    Every word must occur somewhere in a row. A filter looks at retired revisions too.
    """
    words = wanted.casefold().split()
    if words:
        return [row for row in every if all(word in row.haystack for word in words)], 0
    if unfolded:
        return every, 0
    shown = [row for row in every if not row.retired]
    return shown, len(every) - len(shown)


class _Seen:
    """What was seen of each revision: the observed counts, and whether a change moves it."""

    def __init__(self, snapshot: Snapshot) -> None:
        observed = snapshot.observed
        self.per_minute = 60 / observed.window if observed else 0.0
        self.requests = dict(observed.by_revision) if observed else {}
        self.tagged = dict(observed.tagged) if observed else {}
        self.errors = dict(observed.errors) if observed else {}
        self.instances = dict(observed.instances) if observed else {}
        self.moved = _moved(snapshot)


def _moved(snapshot: Snapshot) -> frozenset[str]:
    change = snapshot.change
    if change is None or (change.ended is not None and snapshot.at - change.ended > MOVED_SECONDS):
        return frozenset()
    latest = snapshot.service.latest_ready if snapshot.service else ""
    moves = gains(pin(change.before, latest), pin(change.after, latest))
    return frozenset(gain.revision for gain in moves if gain.points)


def _row(
    revision: Revision, snapshot: Snapshot, shares: tuple[Mapping[str, int], ...], tags: str, seen: _Seen
) -> Row:
    assert snapshot.service is not None
    name, template = revision.name, revision.template
    requests = seen.requests.get(name, 0) + seen.tagged.get(name, 0)
    stands = stands_now(snapshot, revision)
    return Row(
        name=name,
        short=clean(short_name(name, snapshot.ref.service)),
        standing=Standing(stands.state, clean(stands.why)),
        asked=shares[0].get(name, 0),
        serving=shares[1].get(name, 0),
        tags=tags,
        age=age(revision.created, snapshot.wall),
        ready=time_to_ready(revision),
        image=clean(revision_tag(revision, snapshot.service)),
        digest=clean(short_digest(template.image))[:7],
        instances=seen.instances.get(name, 0),
        requests=requests * seen.per_minute,
        error_share=100 * seen.errors.get(name, 0) / requests if requests else None,
        resources=clean(" ".join(filter(None, (template.cpu and f"{template.cpu} CPU", template.memory)))),
        scaling=f"{template.min_instances}–{template.max_instances or '∞'} × {template.concurrency}",
        creator=clean(revision.creator),
        created=f"{revision.created.astimezone(snapshot.wall.tzinfo):%Y-%m-%d %H:%M}" if revision.created else "",
        runs_as=clean(template.service_account),
        moved=name in seen.moved,
    )
