"""A change to a service's traffic, before it is made: from one exact split to another, and what that means."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from cockpit.release.state import State, short_name, standing
from cockpit.release.traffic import LATEST, label, percents, pin, same_split, tags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.release.service import Revision, ServiceRef
    from cockpit.release.traffic import Split


class Intent(Enum):
    """Why a change is made."""

    SHIFT = "shift"
    PROMOTE = "promote"
    ROLLBACK = "rollback"
    UNDO = "undo"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Gain:
    """What one revision (or LATEST) has before a change and after it, in percent."""

    revision: str
    before: int
    after: int

    @property
    def points(self) -> int:
        """Percentage points gained; negative when lost."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class TagMove:
    """A tag that a change puts elsewhere: revisions before and after, None where the tag is on none."""

    tag: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """From `before`, read at `generation` with `etag`, to `after`. Both are exact target lists."""

    ref: ServiceRef
    intent: Intent
    before: Split
    after: Split
    generation: int
    etag: str
    latest_ready: str = ""

    @property
    def gains(self) -> tuple[Gain, ...]:
        """Every revision with traffic before or after, by name, LATEST last."""
        return gains(self.before, self.after)

    @property
    def tag_moves(self) -> tuple[TagMove, ...]:
        """Every tag that is added, moved or removed, by name."""
        old, new = tags(self.before), tags(self.after)
        names = sorted(old.keys() | new.keys())
        return tuple(TagMove(tag, old.get(tag), new.get(tag)) for tag in names if old.get(tag) != new.get(tag))

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return same_split(self.before, self.after)


def gains(before: Split, after: Split) -> tuple[Gain, ...]:
    """What each revision with traffic in either split has in both, by name, LATEST last."""
    old, new = percents(before), percents(after)
    names = sorted(old.keys() | new.keys(), key=lambda name: (name == LATEST, name))
    return tuple(Gain(name, old.get(name, 0), new.get(name, 0)) for name in names)


def undo(plan: Plan) -> Plan:
    """The plan that takes this one back, to the exact list before it."""
    return Plan(plan.ref, Intent.UNDO, plan.after, plan.before, plan.generation, plan.etag, plan.latest_ready)


def gcloud(plan: Plan) -> str:
    """One gcloud command, quoted for a shell, that makes the plan's change.

    gcloud changes tags before percents, and percents that add up to 100 it takes as they are, so one command
    gives every split. Where nothing changes, it asks again for what is.
    """
    words = ["gcloud", "run", "services", "update-traffic", plan.ref.service]
    words += ["--region", plan.ref.region, "--project", plan.ref.project]
    after = percents(plan.after)
    moves = plan.tag_moves
    if after != percents(plan.before) or not moves:
        shares = ",".join(f"{label(name)}={percent}" for name, percent in after.items())
        words.append("--to-latest" if after == {LATEST: 100} else f"--to-revisions={shares}")
    if put := ",".join(f"{move.tag}={label(move.after)}" for move in moves if move.after is not None):
        words.append(f"--update-tags={put}")
    if gone := ",".join(move.tag for move in moves if move.after is None):
        words.append(f"--remove-tags={gone}")
    return shlex.join(words)


def confirmation_words(plan: Plan) -> tuple[str, ...]:
    """What a production service wants typed: any of these; the first is the one to ask for.

    The revision that gains the most, by short or full name, or its new percent; for tags the tag; the service's
    name always.
    """
    words: list[str] = []
    gain = max(plan.gains, key=lambda each: each.points, default=None)
    if gain and gain.points > 0:
        words += [short_name(label(gain.revision), plan.ref.service), label(gain.revision)]
        words += [str(gain.after), f"{gain.after}%"]
    else:
        words += [move.tag for move in plan.tag_moves]
    return tuple(dict.fromkeys([*words, plan.ref.service]))


def confirms(plan: Plan, typed: str) -> bool:
    """Whether what was typed confirms this plan on a production service."""
    return typed.strip().replace(" %", "%") in confirmation_words(plan)


def warnings(plan: Plan, revisions: Iterable[Revision]) -> tuple[str, ...]:
    """What should give pause before this change, the gravest first, one line each."""
    known = {revision.name: revision for revision in revisions}
    found = [*_loses_all_that_is_ready(plan, known)]
    for gain in gains(pin(plan.before, plan.latest_ready), pin(plan.after, plan.latest_ready)):
        if gain.points > 0:
            found += _about_target(plan, gain, known.get(gain.revision))
    return (*found, *_about_latest(plan), *_about_tags(plan))


def _loses_all_that_is_ready(plan: Plan, known: dict[str, Revision]) -> Iterable[str]:
    ready = {name for name, each in known.items() if standing(each, ()).state in {State.READY, State.RETIRED}}
    before, after = percents(pin(plan.before, plan.latest_ready)), percents(pin(plan.after, plan.latest_ready))
    if known and ready & before.keys() and not ready & after.keys():
        names = " and ".join(short_name(name, plan.ref.service) for name in before if name in ready)
        yield f"takes all traffic from {names}: nothing that is ready would serve"


def _about_target(plan: Plan, gain: Gain, revision: Revision | None) -> Iterable[str]:
    name = short_name(label(gain.revision), plan.ref.service)
    if revision is None:
        if gain.revision != LATEST:
            yield f"{name} is not among the revisions of {plan.ref.service}"
        return
    stands = standing(revision, ())
    if stands.state is State.FAILED:
        yield f"{name} has failed: {stands.why}" if stands.why else f"{name} has failed"
    elif stands.state is State.PENDING:
        yield f"{name} is not ready yet"
    elif stands.state is State.RETIRED:
        yield f"{name} is retired: its first requests wait for a cold start"
    if not gain.before and gain.after == 100:
        yield f"{name} goes from no traffic to all of it in one step"


def _about_latest(plan: Plan) -> Iterable[str]:
    old, new = percents(plan.before).get(LATEST, 0), percents(plan.after).get(LATEST, 0)
    if old and not new:
        yield "traffic no longer follows LATEST: a new deployment gets none by itself"
    if new and not old:
        yield f"traffic follows LATEST: the next deployment gets {new} % as soon as it is ready"
    twice = percents(plan.after).get(plan.latest_ready, 0) if plan.latest_ready else 0
    if new and twice:
        name = short_name(plan.latest_ready, plan.ref.service)
        yield f"LATEST is {name} now, so {name} gets {new} % + {twice} %"


def _about_tags(plan: Plan) -> Iterable[str]:
    for move in plan.tag_moves:
        if move.before is not None and move.after is not None:
            new = short_name(label(move.after), plan.ref.service)
            yield f"the URL of tag {move.tag} will answer from {new}"
        elif move.after is None:
            yield f"the URL of tag {move.tag} will stop answering"
